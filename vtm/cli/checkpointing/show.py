"""`vtm checkpoint show`."""

import click

from vtm.app.since_checkpoints import shown
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode


@click.command()
@click.argument("name")
@click.option(
    "--limit",
    "-n",
    type=click.IntRange(min=1),
    default=50,
    metavar="N",
    help="Show the last N commits and events only; 50 by default.",
)
@answering()
def command(way: Way, name: str, limit: int) -> ExitCode:
    """Show a checkpoint, and what has happened since.

    Commits that main has since then, lines of the journal, and tasks of which something else is known.

    Example:
      vtm checkpoint show phase-1
      vtm checkpoint show phase-1 --json
    """
    way.show(shown(way.app, name, limit))
    return ExitCode.OK
