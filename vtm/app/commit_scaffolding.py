"""Fills in the message of a commit on the branch of a task."""

from contextlib import suppress
from pathlib import Path

from vtm.app.app import App
from vtm.app.commit_messages import read_message
from vtm.app.task_branches import task_of_branch
from vtm.errors import VtmError
from vtm.git.staged import Staged
from vtm.queries.commit_scaffold import MessagePrepared, commit_scaffold
from vtm.stores.durable import refused


def message_prepared(app: App, folder: Path, file: Path, source: str) -> MessagePrepared:
    """Fill the message for the next open criterion in, where `file` holds none.

    `source` is where git has a message from; empty: there is none yet. What else the file holds stays.
    """
    try:
        return _prepared(app, folder, file, source)
    except VtmError as error:
        return MessagePrepared("", "", "", error.message)


def _prepared(app: App, folder: Path, file: Path, source: str) -> MessagePrepared:
    if app.project.repository is None or source:
        return MessagePrepared("", "", "")
    git = Staged(folder)
    branch = git.branch()
    task = task_of_branch(app, branch)
    if task is None:
        return MessagePrepared(branch, "", "")
    before = read_message(file)
    left = app.backlog.state_of(task).left(task)
    if not left or git.without_comments(before).strip() or git.is_merge():
        return MessagePrepared(branch, task.task_id, "")
    criterion = next(each for each in task.acceptance_criteria if each.id == left[0])
    message = commit_scaffold(task, criterion).message
    _put(file, message.encode("utf-8", "backslashreplace") + b"\n" + before)
    return MessagePrepared(branch, task.task_id, criterion.id)


def _put(file: Path, data: bytes) -> None:
    """Put `data` in the place of a file that git reads at once and then forgets: it need not outlive a crash.

    Raises:
        NotWrittenError: It cannot be written; the file is as it was.
    """
    beside = file.with_name(f"{file.name}.vtm")
    try:
        beside.write_bytes(data)
        beside.replace(file)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise refused(file.name, error) from None
