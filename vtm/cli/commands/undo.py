"""`vtm undo`."""

import click

from vtm.app.recording import recorder
from vtm.cli.answering import Way, answering
from vtm.cli.recording import recording
from vtm.engine.undoing import undo
from vtm.errors import ExitCode
from vtm.model.facts import Caller


@click.command()
@click.argument("task_id", metavar="[TASK]", required=False)
@recording
@answering()
def command(way: Way, task_id: str | None, caller: Caller, dry_run: bool) -> ExitCode:
    """Take back what happened last.

    To a task, or at all. That is recorded too: nothing is taken out of the journal. To undo an undo does
    again what was undone.

    Example:
      vtm undo AUTH--T01
      vtm undo --dry-run
    """
    engine = recorder(way.app)
    with engine.desk() as desk:
        answer = undo(desk, task_id, caller, dry_run=dry_run)
    way.tell(engine.notices)
    way.show(answer)
    return ExitCode.OK
