"""`vtm worktree current`."""

import click

from vtm.app.worktree_views import Views
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode


@click.command()
@answering()
def command(way: Way) -> ExitCode:
    """Show which task the worktree that this is called in was made for.

    Exit code 1: for none.

    Example:
      vtm worktree current
    """
    answer = Views(way.app).current()
    way.show(answer)
    return ExitCode.OK if answer.task else ExitCode.NO
