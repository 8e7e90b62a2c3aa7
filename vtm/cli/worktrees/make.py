"""`vtm worktree make`."""

from collections.abc import Sequence

import click

from vtm.app.worktree_batch import made_all
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode
from vtm.queries.commit_message import PREFIX


@click.command()
@click.argument("tasks", metavar="TASK...", nargs=-1, required=True)
@click.option(
    "--prefix", default=PREFIX, show_default=True, help="What the names of the branches begin with."
)
@answering()
def command(way: Way, tasks: Sequence[str], prefix: str) -> ExitCode:
    """Make a branch and a worktree for each task.

    The branch is cut from main, which must hold the work of every dependency. One that exists is used as it
    is, and so is a worktree that is there; a branch that was made before and is gone is never cut anew.
    Changes in the main worktree are no obstacle, and stay there. Exit code: that of the first failure.

    Example:
      vtm worktree make AUTH--T03
      vtm worktree make AUTH--T03 MAIL--T01 --prefix work/
    """
    answer, code = made_all(way.app, tasks, prefix)
    way.show(answer)
    return code
