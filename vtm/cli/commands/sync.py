"""`vtm sync`."""

import click

from vtm.app.syncing import synced
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode


@click.command()
@click.option("--message", default="Record the state of tasks", metavar="TEXT", help="Of the commit.")
@click.option("--dry-run", is_flag=True, help="Show what would be committed; commit nothing.")
@answering()
def command(way: Way, message: str, dry_run: bool) -> ExitCode:
    """Commit state and journal on the main branch, and no more.

    What is staged stays staged and is not in the commit. The hooks pre-commit and commit-msg do not run:
    this is bookkeeping. In a linked worktree it commits in the main one. On another branch, without a
    branch, and while a merge or rebase is not finished, nothing is done: exit 1.

    Example:
      vtm sync
      vtm sync --dry-run
      vtm sync --message "State after the sprint"
    """
    way.show(synced(way.app, message, dry_run=dry_run))
    return ExitCode.OK
