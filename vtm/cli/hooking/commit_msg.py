"""`vtm hook commit-msg`."""

import click

from vtm.app.commit_messages import message_checked
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode


@click.command()
@click.argument("file")
@answering()
def command(way: Way, file: str) -> ExitCode:
    """Refuse a commit on the branch of a task that names none of its criteria.

    The branch is feat/<id>, or what `vtm worktree make` made; the message is in FILE. A criterion is named by
    its id, or by the end of it where the task is named too. Merges, `fixup!` and `squash!`, other branches
    and commits without a branch pass, and so does everything where vtm cannot look. Silent when it passes.
    `vtm init --git` installs it.

    Example:
      vtm hook commit-msg .git/COMMIT_EDITMSG
    """
    answer = message_checked(way.app, way.folder, way.folder / file)
    if way.format == "json":
        way.show(answer)
    way.tell([f"nobody looked at the message: {answer.note}"] if answer.note else [])
    return ExitCode.OK
