"""`vtm batch reset`."""

import click

from vtm.app.recording import recorder
from vtm.app.stepping_batches import reset_in_batch
from vtm.cli.answering import Way, answering
from vtm.cli.recording import Said, recording
from vtm.errors import ExitCode
from vtm.model.facts import Caller


@click.command()
@click.argument("task_id", metavar="TASK")
@click.option("--reason", type=Said(), default=None, metavar="TEXT", help="Why.")
@recording
@answering()
def command(way: Way, task_id: str, reason: str | None, caller: Caller, dry_run: bool) -> ExitCode:
    """Make a task of a batch open again: from i or I to O.

    What is in progress or blocked is reset, what is completed or abandoned is reopened. Under somebody's
    lease that needs its --epoch, which `vtm batch resume` shows. Exit code 4: it is O or Q, or somebody else
    holds it.

    Example:
      vtm batch reset AUTH--T02 --reason "Its session is gone"
    """
    engine = recorder(way.app)
    answer = reset_in_batch(way.app, engine, task_id, caller, reason or "", dry_run=dry_run)
    way.tell(engine.notices)
    way.show(answer)
    return ExitCode.OK
