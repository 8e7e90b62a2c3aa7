"""The manifest as a file that can be mended."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Self

import msgspec

from vtm.errors import UnreadableError
from vtm.model.edits import Edit, intended
from vtm.model.finding import Pointer
from vtm.model.fixing import DeclaringFile, Entry, Listed
from vtm.model.replacement import Replacement
from vtm.model.task import Task, TaskId, Texts
from vtm.ports.mending import Mendable
from vtm.ports.reading import Declared
from vtm.sources.decoder import convert, parse
from vtm.sources.json_edits import edited
from vtm.sources.positions import locate
from vtm.sources.tolerant import Lenient, tolerate_manifest, tolerate_task

NEEDS, CONFLICTS = "depends_on_tasks", "conflicts_with"


class _Text(NamedTuple):
    name: str
    data: bytes
    declared: Declared | None = None


class MendableManifest(_Text, Mendable):
    """A manifest's text, in which no object has a key twice.

    Attributes:
        declared: What was read from it, where that is known: it tells all of a task without a defect.
    """

    __slots__ = ()

    def declaring(self) -> DeclaringFile:
        """The fields beside the tasks, then each task whose id can be read."""
        declared = self.declared or Declared(None)
        if declared.manifest and not declared.defects:
            tasks = enumerate(declared.manifest.tasks)
            return DeclaringFile(self.name, [_plain(task, index) for index, task in tasks])
        document = parse(self.data)
        _, notes = tolerate_manifest(document)
        head = Entry("", lenient=replacements(notes, ()))
        return DeclaringFile(self.name, [head, *_entries(document["tasks"], _sound(declared))])

    def mended(self, edits: Sequence[Edit]) -> Self:
        """The text after `edits`; every byte that they are not about is as it was.

        Raises:
            UnreadableError: It would not be read as what is meant.
        """
        if not edits:
            return self
        data = edited(self.data, edits)
        meant = intended(parse(self.data), edits)
        if msgspec.json.encode(parse(data)) != msgspec.json.encode(meant):
            raise UnreadableError(
                f"{self.name} cannot be mended: it would not be read as what is meant; nothing was written",
                code="GAP::SCHEMA",
                path=self.name,
                fix="correct it by hand",
            )
        return self._replace(data=data, declared=None)

    def places(self, pointers: Collection[Pointer]) -> Mapping[Pointer, tuple[int, int]]:
        """Line and column, from 1, of what `pointers` lead to."""
        return locate(self.data, pointers)


def _plain(task: Task, index: int) -> Entry:
    """A task in which nothing is read as something else."""
    at: Pointer = ("tasks", index)
    needs = Listed((*at, NEEDS), task.depends_on_tasks)
    return Entry(task.task_id, needs, Listed((*at, CONFLICTS), task.conflicts_with or ()))


def _sound(declared: Declared) -> dict[int, Task]:
    """The tasks in which nothing is wrong, by their place in the list."""
    if declared.manifest is None or any(not each.location.pointer for each in declared.defects):
        return {}
    noted = {each.location.pointer[1] for each in declared.defects if len(each.location.pointer) > 1}
    tasks = declared.manifest.tasks
    places = [int(each.pointer[1]) for each in declared.origins] or range(len(tasks))
    return {at: task for at, task in zip(places, tasks, strict=True) if at not in noted}


def _entries(tasks: Sequence[Any], sound: Mapping[int, Task]) -> Iterator[Entry]:
    for index, raw in enumerate(tasks):
        if index in sound:
            yield _plain(sound[index], index)
            continue
        task_id = convert(raw.get("task_id"), TaskId) if isinstance(raw, dict) else None
        if task_id is not None:
            at: Pointer = ("tasks", index)
            _, notes = tolerate_task(raw)
            needs, conflicts = (listed(raw, at, key) for key in (NEEDS, CONFLICTS))
            yield Entry(task_id, needs, conflicts, replacements(notes, at))


def listed(raw: Mapping[str, Any], at: Pointer, key: str) -> Listed | None:
    """The ids under `key` of the task `raw`, which is at `at`; None where they are no list of texts."""
    value = raw.get(key)
    ids = () if value is None else convert(value, Texts) if isinstance(value, list) else None
    return None if ids is None else Listed((*at, key), ids)


def replacements(notes: Sequence[Lenient], at: Pointer) -> list[Replacement]:
    """Each value that is read as another one, in the task or head at `at`."""
    return [Replacement((*at, *note.pointer), note.written, note.read) for note in notes]
