"""`vtm start`."""

from datetime import timedelta

import click

from vtm.app.recording import recorder
from vtm.cli.answering import Way, answering
from vtm.cli.recording import Span, overriding, recording
from vtm.engine.claiming import Claim, start
from vtm.errors import ExitCode
from vtm.model.facts import Caller
from vtm.model.override import Override


@click.command()
@click.argument("task_id", metavar="TASK")
@click.option("--ttl", type=Span(), metavar="TIME", help="How long the lease lasts, such as 30m.")
@overriding
@recording
@answering()
def command(
    way: Way, task_id: str, ttl: timedelta | None, caller: Caller, override: Override, dry_run: bool
) -> ExitCode:
    """Take up a task.

    With --agent it is taken under a lease, and every later change needs its epoch; a task whose lease ran
    out is taken over. Without, nobody is asked for anything later. Exit code 1: a gate refuses; 4: somebody
    else holds it.

    Example:
      vtm start AUTH--T01
      vtm start AUTH--T01 --agent ada --ttl 1h --json
    """
    engine = recorder(way.app)
    with engine.desk() as desk:
        answer = start(desk, task_id, Claim(caller, ttl, override, dry_run))
    way.tell(engine.notices)
    way.show(answer)
    return ExitCode.OK
