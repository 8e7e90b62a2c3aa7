"""Messages of commits on the branch of a task, and what they must say."""

from collections.abc import Sequence
from pathlib import Path

from vtm.app.app import App
from vtm.app.task_branches import task_of_branch
from vtm.errors import UnreadableError, VtmError
from vtm.git.staged import Staged
from vtm.model.task import Task
from vtm.queries.commit_scaffold import (
    MessageAllowed,
    criteria_in,
    is_unfinished,
    owners_of,
)


class NoCriterionError(VtmError):
    """A commit on the branch of a task names none of its criteria."""


def message_checked(app: App, folder: Path, file: Path) -> MessageAllowed:
    """Look at the message in `file` of the commit that is being made in the worktree of `folder`.

    On the branch of a task it names a criterion of that task. What is merged, what will be melted into
    another commit, an empty message, with which git makes no commit, and other branches pass. So does
    everything where vtm cannot look: then the answer says why.

    Raises:
        NoCriterionError: It names none.
    """
    try:
        return _checked(app, folder, file)
    except NoCriterionError:
        raise
    except VtmError as error:
        return MessageAllowed("", "", (), error.message)


def _checked(app: App, folder: Path, file: Path) -> MessageAllowed:
    if app.project.repository is None:
        return MessageAllowed("", "", ())
    git = Staged(folder)
    branch = git.branch()
    task = task_of_branch(app, branch)
    if task is None:
        return MessageAllowed(branch, "", ())
    message = git.without_comments(read_message(file)).decode("utf-8", "replace").strip()
    named = criteria_in(task, message)
    if message and not named and not is_unfinished(message) and not git.is_merge():
        raise _no_criterion(task, list(owners_of(app.backlog.tasks, message)))
    return MessageAllowed(branch, task.task_id, named)


def read_message(file: Path) -> bytes:
    """What is in the file that git names.

    Raises:
        UnreadableError: It cannot be read.
    """
    try:
        return file.read_bytes()
    except OSError as error:
        reason = (error.strerror or "it failed").lower()
        raise UnreadableError(
            f"{file.name} cannot be read: {reason}",
            code="UNREADABLE-FILE",
            fix="name the file that git names",
        ) from None


def _no_criterion(task: Task, others: Sequence[tuple[str, str]]) -> NoCriterionError:
    instead = f"; {others[0][0]} is one of {others[0][1]}" if others else ""
    ids = [each.id for each in task.acceptance_criteria]
    has = f"it has {', '.join(ids[:5])}{' and more' if len(ids) > 5 else ''}" if ids else "it has none"
    return NoCriterionError(
        f"the message names no criterion of {task.task_id}{instead}",
        code="NO-CRITERION",
        fix=f"name one ({has}), as `vtm commit-msg` writes it",
    )
