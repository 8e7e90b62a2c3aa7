"""`vtm merge`."""

from collections.abc import Sequence

import click
from msgspec.structs import replace

from vtm.app.bringing_home import merged
from vtm.cli.answering import Way, answering
from vtm.cli.recording import recording
from vtm.errors import ExitCode
from vtm.model.facts import Caller


@click.command()
@click.argument("task_ids", nargs=-1, metavar="[TASK]...")
@click.option("--ready", is_flag=True, help="All completed tasks whose branch has what main has not.")
@click.option("--push", is_flag=True, help="Push main afterwards, as it is, to where it is pulled from.")
@recording
@answering()
def command(
    way: Way, task_ids: Sequence[str], ready: bool, push: bool, caller: Caller, dry_run: bool
) -> ExitCode:
    """Bring the work of completed tasks to main.

    A task is merged with a merge commit, beside all worktrees; the commands of `[gate] after` see the files
    of that commit in a worktree of their own, and main moves only when they pass. On a conflict, or when a
    command fails, main stays and the task is pending again: its branch and its worktree are still there.

    Nothing is merged that is not committed, or of a task that is not completed; nothing is forced, and
    nothing is pushed without --push. Changes outside the scope of a task are warned of; with
    `[git] merge = "auto"` they stop the merge. Merging again changes nothing.

    Exit code 1: one of the tasks was not merged. 4: main moved three times meanwhile. 5: git failed.

    Example:
      vtm merge AUTH--T01
      vtm merge --ready --dry-run
      vtm merge --ready
    """
    if bool(task_ids) == ready:
        raise click.UsageError("Name tasks, or say --ready for all that are completed, and not both.")
    answer = merged(
        way.app,
        task_ids,
        replace(caller, epoch=None),
        ready=ready,
        push=push,
        dry_run=dry_run,
        say=lambda notice: way.tell([notice]),
    )
    way.tell(answer.notices)
    way.show(answer)
    return ExitCode(answer.exit_code)
