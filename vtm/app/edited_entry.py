"""An entry of the manifest while it is edited."""

from typing import Any, NamedTuple, Self

from vtm.app.app import App
from vtm.app.declaring import Declaring
from vtm.app.judging import Verdict, judged_instead
from vtm.errors import ConflictError, UnreadableError
from vtm.model.finding import Defect, Finding, Location, Pointer
from vtm.model.task import Task
from vtm.sources.document import Document
from vtm.sources.manifest_entry import entry_text, read_entry, with_entry
from vtm.sources.manifest_text import SCHEMA
from vtm.sources.positions import locate
from vtm.sources.proposals import task_of
from vtm.sources.salvage import usable_task
from vtm.sources.tolerant import tolerate_task


class EditedEntry(NamedTuple):
    """An entry, alone.

    Attributes:
        at: Its position in the manifest's list of tasks.
        text: As somebody may edit it.
    """

    declaring: Declaring
    task: Task
    at: int
    text: bytes
    ending: str = ".json"

    @classmethod
    def read(cls, app: App, task: Task) -> Self:
        """The entry that declares `task`.

        Raises:
            UnreadableError: There is no backlog, or a manifest whose text cannot be edited.
            ConflictError: It is not in the manifest any more.
        """
        declaring = Declaring.read_beside_files(app)
        found = declaring.text.positions({task.task_id}).get(task.task_id)
        if not found:
            raise _changed(declaring.manifest.name)
        return cls(declaring, task, found[0], entry_text(declaring.text.document["tasks"][found[0]]))

    @property
    def path(self) -> str:
        """The file that declares it."""
        return self.declaring.manifest.name

    def judged(self, app: App, data: bytes, kept: str) -> Verdict:
        """What the backlog would be with `data` in its place; `kept` is where that text is."""
        try:
            entry = read_entry(data, kept)
        except UnreadableError as error:
            return Verdict(f"{error.message} (line {error.line}, column {error.column})")
        if entry.get("task_id") != self.task.task_id:
            return Verdict(f"its task_id must stay {self.task.task_id}")
        pointer: Pointer = ("tasks", self.at)
        task, defects = self._read(entry, pointer)
        found = judged_instead(
            app, self.declaring.backlog, Location(self.path, pointer=pointer), task, defects
        )
        return Verdict("", [_in_text(each, self.path, pointer, kept, data) for each in found])

    def write(self, app: App, data: bytes) -> list[str]:
        """Put `data` in its place; the caller holds the lock.

        Raises:
            ConflictError: Somebody changed the manifest meanwhile.
            ExternalError: The system refuses.
        """
        now = Declaring.read_beside_files(app)
        if now.manifest.data != self.declaring.manifest.data:
            raise _changed(self.path)
        text = with_entry(now.text, self.at, read_entry(data, self.path))
        return [] if text.data == now.text.data else now.write(now.written(text))

    def _read(self, entry: dict[str, Any], pointer: Pointer) -> tuple[Task, list[Defect]]:
        """The task that an entry is, as far as it is one, and what is wrong with it."""
        tolerated, notes = tolerate_task(entry)
        document = Document(self.path, b"", SCHEMA)
        defects = [document.lenient(each, pointer, self.task.task_id) for each in notes]
        task = task_of(tolerated)
        if isinstance(task, Task):
            return task, defects
        defects += [document.broken(what, (*pointer, *keys), self.task.task_id) for keys, what in task]
        return usable_task(tolerated) or self.task, defects


def _in_text(finding: Finding, path: str, pointer: Pointer, kept: str, data: bytes) -> Finding:
    """`finding`; one in the entry, at its place in the text that is edited."""
    where = finding.location
    if where.path != path or where.pointer[: len(pointer)] != pointer:
        return finding
    inner = where.pointer[len(pointer) :]
    line, column = locate(data, [inner])[inner]
    return Finding(
        finding.code,
        finding.severity,
        finding.message,
        finding.fix,
        Location(kept, line, column, inner),
        finding.blocking,
        finding.tasks,
    )


def _changed(path: str) -> ConflictError:
    return ConflictError(
        f"{path} was changed by somebody else while it was being edited; nothing was written",
        code="CHANGED-UNDERNEATH",
        path=path,
        fix="run it again",
    )
