"""`vtm worktree list`."""

import click

from vtm.app.worktree_views import Views
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode


@click.command()
@answering()
def command(way: Way) -> ExitCode:
    """List all worktrees beside the main one, and how they stand.

    Branch, base, commits ahead of and behind main, changed files, task, session, and when there was last any
    sign of work. One whose base fell behind main is warned of.

    Example:
      vtm worktree list
      vtm worktree list --json
    """
    way.show(Views(way.app).all())
    return ExitCode.OK
