"""`vtm worktree rescue`."""

import click

from vtm.app.worktree_rescuing import brought_back, rescues
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode
from vtm.model.naming import task_named


@click.command()
@click.argument("task", metavar="[TASK]", default="")
@click.option("--list", "listed", is_flag=True, help="Show what was saved; so it is without TASK.")
@click.option("--ref", default="", metavar="REF", help="What to bring back, where more was saved of a task.")
@answering()
def command(way: Way, task: str, listed: bool, ref: str) -> ExitCode:
    """Bring back into the worktree of a task what `vtm worktree cleanup --force` saved.

    Where the worktree is gone it is made anew. What was saved last comes back, with content and modes, and
    stays saved; a file that was changed since in another way is never overwritten.

    Example:
      vtm worktree rescue --list
      vtm worktree rescue AUTH--T02
    """
    found = task_named(way.app.backlog, task) if task else None
    if ref and (listed or found is None):
        raise click.UsageError("--ref says what to bring back, and needs a TASK.")
    if listed or found is None:
        way.show(rescues(way.app, found))
    else:
        way.show(brought_back(way.app, found, ref))
    return ExitCode.OK
