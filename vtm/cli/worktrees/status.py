"""`vtm worktree status`."""

import click

from vtm.app.worktree_views import Views
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode


@click.command()
@answering()
def command(way: Way) -> ExitCode:
    """Show how the worktree stands that this is called in, and what is not committed there.

    Exit code 1: it was made for no task.

    Example:
      vtm worktree status
    """
    answer = Views(way.app).status()
    way.show(answer)
    return ExitCode.OK if answer.worktree else ExitCode.NO
