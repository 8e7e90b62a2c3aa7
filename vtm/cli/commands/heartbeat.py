"""`vtm heartbeat`."""

import os
from datetime import timedelta

import click

from vtm.app.recording import recorder
from vtm.app.sessions import sessions_of
from vtm.cli.answering import Way, answering
from vtm.cli.recording import Span
from vtm.errors import ExitCode
from vtm.model.naming import task_named
from vtm.queries.heartbeat import Heartbeat


@click.command()
@click.argument("task_id", metavar="TASK")
@click.option(
    "--epoch",
    type=click.IntRange(min=0),
    envvar="VTM_EPOCH",
    required=True,
    metavar="N",
    help="Epoch of the lease (or VTM_EPOCH).",
)
@click.option("--ttl", type=Span(), metavar="TIME", help="How long it is to last from now, such as 30m.")
@answering()
def command(way: Way, task_id: str, epoch: int, ttl: timedelta | None) -> ExitCode:
    """Prolong the lease of a task.

    Every other change under the lease does so too; this is for long work in between. Exit code 4: the lease
    is over, because somebody has taken the task over.

    Example:
      vtm heartbeat AUTH--T02 --epoch 3
    """
    backlog = way.app.backlog
    task = task_named(backlog, task_id)
    engine = recorder(way.app)
    lease = engine.heartbeat(task.task_id, backlog.state_of(task), epoch, ttl or engine.ttl)
    session = os.environ.get("VTM_SESSION", "")
    if session:
        sessions_of(way.app).heard(session, way.app.instant)
    way.show(Heartbeat.of(lease))
    return ExitCode.OK
