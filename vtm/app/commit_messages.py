"""Messages of commits on the branch of a task: what they must say, and what is filled in."""

from collections.abc import Sequence
from pathlib import Path

from vtm.app.app import App
from vtm.errors import UnreadableError, VtmError
from vtm.git.staged import Staged
from vtm.model.task import Task
from vtm.queries.commit_message import PREFIX, branch_of
from vtm.queries.commit_scaffold import (
    MessageAllowed,
    MessagePrepared,
    commit_scaffold,
    criteria_in,
    is_unfinished,
    owners_of,
)
from vtm.stores.durable import refused, replace_file


class NoCriterionError(VtmError):
    """A commit on the branch of a task names none of its criteria."""


def message_checked(app: App, folder: Path, file: Path) -> MessageAllowed:
    """Look at the message in `file` of the commit that is being made in the worktree of `folder`.

    On `feat/<id>` it names a criterion of that task. What is merged, what will be melted into another commit,
    an empty message, with which git makes no commit, and other branches pass. So does everything where vtm
    cannot look: then the answer says why.

    Raises:
        NoCriterionError: It names none.
    """
    try:
        return _checked(app, folder, file)
    except NoCriterionError:
        raise
    except VtmError as error:
        return MessageAllowed("", "", (), error.message)


def message_prepared(app: App, folder: Path, file: Path, source: str) -> MessagePrepared:
    """Fill the message for the next open criterion in, where `file` holds none.

    `source` is where git has a message from; empty: there is none yet. What else the file holds stays.
    """
    try:
        return _prepared(app, folder, file, source)
    except VtmError as error:
        return MessagePrepared("", "", "", error.message)


def _checked(app: App, folder: Path, file: Path) -> MessageAllowed:
    if app.project.repository is None:
        return MessageAllowed("", "", ())
    git = Staged(folder)
    branch = git.branch()
    task = _task_of(app, branch)
    if task is None or git.is_merge():
        return MessageAllowed(branch, task.task_id if task else "", ())
    message = git.without_comments(_read(file)).decode("utf-8", "replace").strip()
    named = criteria_in(task, message)
    if message and not named and not is_unfinished(message):
        raise _no_criterion(task, list(owners_of(app.backlog.tasks, message)))
    return MessageAllowed(branch, task.task_id, named)


def _prepared(app: App, folder: Path, file: Path, source: str) -> MessagePrepared:
    if app.project.repository is None or source:
        return MessagePrepared("", "", "")
    git = Staged(folder)
    branch = git.branch()
    task = _task_of(app, branch)
    if task is None:
        return MessagePrepared(branch, "", "")
    before = _read(file)
    left = app.backlog.state_of(task).left(task)
    if not left or git.is_merge() or git.without_comments(before).strip():
        return MessagePrepared(branch, task.task_id, "")
    criterion = next(each for each in task.acceptance_criteria if each.id == left[0])
    message = commit_scaffold(task, criterion).message
    try:
        replace_file(file, message.encode("utf-8", "backslashreplace") + b"\n" + before)
    except OSError as error:
        raise refused(file.name, error) from None
    return MessagePrepared(branch, task.task_id, criterion.id)


def _task_of(app: App, branch: str) -> Task | None:
    """The task whose branch this is; None: nobody's. The backlog is read only where it could be one."""
    if not branch.startswith(PREFIX):
        return None
    name = branch.removeprefix(PREFIX)
    if name in app.backlog and branch_of(name) == branch:
        return app.backlog[name]
    return next((each for each in app.backlog.tasks if branch_of(each.task_id) == branch), None)


def _read(file: Path) -> bytes:
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
