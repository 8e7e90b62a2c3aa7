"""`vtm checkpoint create`."""

import click

from vtm.app.setting_checkpoints import checkpoint
from vtm.cli.answering import Way, answering
from vtm.cli.recording import Said
from vtm.errors import ExitCode


@click.command()
@click.argument("name")
@click.option("--message", "-m", type=Said(), metavar="TEXT", help="What it is for.")
@answering()
def command(way: Way, name: str, message: str | None) -> ExitCode:
    """Make a checkpoint: the commit that main is at, the state, and where the journal is.

    It is an annotated tag, vtm/checkpoint/NAME, so that a clone with the tag has all of it. Changes that are
    in no commit are not in it, and named.

    Example:
      vtm checkpoint create before-refactoring
      vtm checkpoint create v1 --message "All of phase 1" --json
    """
    way.show(checkpoint(way.app, name, message or ""))
    return ExitCode.OK
