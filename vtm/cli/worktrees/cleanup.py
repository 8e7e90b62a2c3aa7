"""`vtm worktree cleanup`."""

from collections.abc import Sequence

import click

from vtm.app.worktree_batch import cleaned_all
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode


@click.command()
@click.argument("tasks", metavar="[TASK]...", nargs=-1)
@click.option("--force", is_flag=True, help="Save what is not committed, and take the worktree away.")
@answering()
def command(way: Way, tasks: Sequence[str], force: bool) -> ExitCode:
    """Take worktrees away whose work is on main, with their branches; without TASK all of them.

    One stays, with the reason, that has changes that are not committed, commits that main lacks, a lease,
    or a session that is active. With --force, changes are saved first, see `vtm worktree rescue`, and a
    branch that main lacks stays. Files that git ignores are deleted. Exit code 1: one that was named stays.

    Example:
      vtm worktree cleanup
      vtm worktree cleanup AUTH--T02 --force
    """
    answer = cleaned_all(way.app, tasks, force=force)
    way.show(answer)
    return ExitCode.NO if tasks and any(each.kept for each in answer.worktrees) else ExitCode.OK
