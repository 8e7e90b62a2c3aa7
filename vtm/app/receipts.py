"""Which context files of a task were read for it."""

from collections.abc import Iterator, Sequence
from hashlib import sha256

from vtm.app.app import App
from vtm.errors import WrongUsageError
from vtm.model.task import Task
from vtm.ports.recording import Receipt, Runtime
from vtm.sources.files import read_bytes
from vtm.sources.references import References


def context_files(app: App, task: Task) -> list[str]:
    """Paths of the specs, ADRs and guides of a task that can be read, relative to the caller's worktree."""
    references = References(app.project.work, app.settings.paths.adr)
    named = (*task.related_specs, *task.related_adrs, *task.related_guides)
    found = (references.document(each) for each in dict.fromkeys(named))
    return [each.path for each in found if each.path and not each.problem]


def unread(app: App, runtime: Runtime, task: Task) -> tuple[str, ...]:
    """Context files of a task without a receipt for what is in them now."""
    known = set(runtime.receipts(task.task_id))
    return tuple(each.path for each in receipts(app, task, context_files(app, task)) if each not in known)


def receipts(app: App, task: Task, paths: Sequence[str]) -> Iterator[Receipt]:
    """Receipts for what is in `paths` now.

    Raises:
        WrongUsageError: One of them cannot be read.
    """
    work = app.project.work
    for path in paths:
        data = read_bytes(work / path, path)
        if not isinstance(data, bytes):
            raise WrongUsageError(
                f"{path} cannot be read", code="UNREADABLE-FILE", fix="name files of the caller's worktree"
            )
        yield Receipt(task.task_id, path, sha256(data).hexdigest(), work.as_posix())
