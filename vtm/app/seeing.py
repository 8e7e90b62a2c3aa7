"""Keeps receipts of files that somebody was seen to read."""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from vtm.app.app import App
from vtm.app.receipts import receipts
from vtm.discovery import runtime_folder
from vtm.model.status import Status
from vtm.model.task import Task
from vtm.ports.recording import Receipt
from vtm.sources.files import read_bytes
from vtm.sources.references import References
from vtm.stores.runtime import SqliteRuntime

_OVER = {Status.COMPLETED, Status.ABANDONED}


def seen(app: App, names: Sequence[str]) -> list[Receipt]:
    """Receipts for the files `names` of the caller's worktree, one for each task that refers to them.

    Tasks that are over need none. A file that no task refers to is nobody's context.
    """
    likely = [name for name in names if _may_be_named(app, name)]
    if not likely:
        return []
    readers = Readers(app)
    found = [receipt for name in likely for receipt in _receipts(app, readers.of(name), name)]
    if found:
        SqliteRuntime(runtime_folder(app.project)).keep(found, app.instant)
    return found


def _receipts(app: App, tasks: Sequence[Task], name: str) -> Iterator[Receipt]:
    """The same receipt for each; the file is read once."""
    for first in tasks[:1]:
        (receipt,) = receipts(app, first, [name])
        yield from (receipt._replace(task=task.task_id) for task in tasks)


class Readers:
    """Who has to read what: the tasks of a project that are not over, by the files they refer to."""

    def __init__(self, app: App) -> None:
        self._references = References(app.project.work, app.settings.paths.adr)
        self._named: dict[str, list[Task]] = {}
        for task in app.backlog.tasks:
            if app.backlog.status(task.task_id) not in _OVER:
                for each in {*task.related_specs, *task.related_adrs, *task.related_guides}:
                    self._named.setdefault(each, []).append(task)

    def of(self, name: str) -> list[Task]:
        """The tasks that refer to the file `name`, as far as it can be read."""
        found: dict[str, Task] = {}
        for reference, tasks in self._named.items():
            if _may_lead_to(reference, name) and self._leads_to(reference, name):
                found |= {task.task_id: task for task in tasks}
        return list(found.values())

    def _leads_to(self, reference: str, name: str) -> bool:
        document = self._references.document(reference)
        return document.path == name and not document.problem


def _may_be_named(app: App, name: str) -> bool:
    """Whether it is worth reading the backlog: agents read far more code than documents.

    A manifest that names a file holds its own name, as long as that needs no escapes in JSON.
    """
    root, paths = app.project.root, app.settings.paths
    own = name.rpartition("/")[2]
    if not own.isascii() or any(char in own for char in '"\\') or (root / paths.tasks).is_dir():
        return True
    if any(fnmatchcase(name, glob.replace("{number}", "*")) for glob in paths.adr):
        return True
    manifest = read_bytes(root / paths.manifest, paths.manifest)
    return isinstance(manifest, bytes) and own.encode() in manifest


def _may_lead_to(reference: str, name: str) -> bool:
    """Whether it is worth looking: a path ends in the file's own name, an ADR's number stands in it."""
    own = name.rpartition("/")[2]
    number = reference.strip()[4:].partition(":")[0].strip().lstrip("0")
    return own in reference or (reference.strip()[:4].upper() == "ADR-" and number in own)
