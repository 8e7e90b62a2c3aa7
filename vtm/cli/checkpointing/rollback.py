"""`vtm checkpoint rollback`."""

import click

from vtm.app.going_back import previewed, rolled_back
from vtm.cli.answering import Way, answering
from vtm.cli.recording import calling
from vtm.errors import ExitCode
from vtm.model.facts import Caller


@click.command()
@click.argument("name")
@click.option("--apply", "apply_", is_flag=True, help="Do it; without this, nothing changes.")
@calling
@answering()
def command(way: Way, name: str, apply_: bool, caller: Caller) -> ExitCode:
    """Go back to a checkpoint: first look, then --apply.

    Main gets a commit that restores its files, and the journal gets a line for each task that was otherwise
    then; nothing is rewritten. The present is kept as a checkpoint first, so that going back to that one
    undoes it. Exit code 1: a session or lease is active, a branch has completed work that main has not, or
    main has changes that are in no commit.

    Example:
      vtm checkpoint rollback phase-1
      vtm checkpoint rollback phase-1 --apply
    """
    answer, notices = rolled_back(way.app, name, caller) if apply_ else (previewed(way.app, name), [])
    way.tell(notices)
    way.show(answer)
    return ExitCode.NO if answer.obstacles else ExitCode.OK
