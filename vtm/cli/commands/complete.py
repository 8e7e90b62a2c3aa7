"""`vtm complete`."""

import click

from vtm.app.completing import Claimed, completed
from vtm.app.recording import recorder
from vtm.cli.answering import Way, answering
from vtm.cli.evidencing import echo, evidencing
from vtm.cli.recording import overriding, recording
from vtm.errors import ExitCode
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
    """Complete a task, with something to show for it.

    All criteria are met, no dependency is open, the tests it lists are there, and tests were run: by
    yourself (--tests-passed with --commit, or --evidence) or by vtm (--run). Exit code 1: something of
    this is missing, and all of it is named.

    Example:
      vtm complete AUTH--T02 --run "make test" --commit HEAD --pr 12
      vtm complete AUTH--T02 --tests-passed 12 --commit HEAD --covers AC01=tests/test_auth.py
    """
    if claimed.file is not None:
        claimed = claimed._replace(file=way.folder / claimed.file)
    engine = recorder(way.app)
    answer = completed(way.app, engine, task_id, caller, claimed, echo, override=override, dry_run=dry_run)
    way.tell(engine.notices)
    way.show(answer)
    return ExitCode.OK
