"""`vtm batch complete`."""

import click

from vtm.app.batches import checked
from vtm.app.completing import Claimed, completed
from vtm.app.recording import recorder
from vtm.cli.answering import Way, answering
from vtm.cli.evidencing import echo, evidencing
from vtm.cli.recording import overriding, recording
from vtm.errors import ExitCode
from vtm.model.batch import Step
from vtm.model.facts import Caller
from vtm.model.override import Override


@click.command()
@click.argument("task_id", metavar="TASK")
@evidencing
@overriding
@recording
@answering()
def command(
    way: Way, task_id: str, claimed: Claimed, caller: Caller, override: Override, dry_run: bool
) -> ExitCode:
    """Complete a task of a batch, with something to show for it: from i to I.

    It is `vtm complete` for a task that is i in an unfinished batch. Exit code 1: a gate refuses; 4: it is
    not i.

    Example:
      vtm batch complete AUTH--T02 --run "make test" --commit HEAD
    """
    checked(way.app, way.app.backlog, task_id, Step.COMPLETE)
    if claimed.file is not None:
        claimed = claimed._replace(file=way.folder / claimed.file)
    engine = recorder(way.app)
    answer = completed(way.app, engine, task_id, caller, claimed, echo, override=override, dry_run=dry_run)
    way.tell(engine.notices)
    way.show(answer)
    return ExitCode.OK
