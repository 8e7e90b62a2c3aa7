"""A manifest that does not decode as it is: read entry by entry."""

from collections.abc import Iterator
from typing import Any

import msgspec

from vtm.model.finding import Defect, Location, Pointer
from vtm.model.task import Manifest, Task
from vtm.ports.reading import Declared
from vtm.sources.decoder import BOM, MalformedError, convert, parse
from vtm.sources.document import Document
from vtm.sources.files import malformed
from vtm.sources.tolerant import tolerate_manifest, tolerate_task

SCHEMA = "virtual-task-manifest"


def salvage(name: str, data: bytes, *, thorough: bool) -> Declared:
    """What can be read of the manifest `name`, and everything that is wrong with it."""
    try:
        raw = parse(data)
    except MalformedError as error:
        return Declared(None, [malformed(name, data, error)])
    document = Document(name, data, SCHEMA)
    if not isinstance(raw, dict) or not isinstance(raw.get("tasks"), list):
        what = "is not an object with a list `tasks`"
        return Declared(None, [document.refused(what, ("tasks",), 'write {"tasks": [...]}')])
    defects = document.repeated_keys() if thorough else []
    if data.startswith(BOM):
        defects.append(document.marked())
    manifest, origins = _Salvage(document, raw, defects).manifest()
    return Declared(manifest, defects, origins)


class _Salvage:
    """Reads a manifest entry by entry and notes what is wrong with each."""

    def __init__(self, document: Document, raw: dict[str, Any], defects: list[Defect]) -> None:
        self._document = document
        self._raw = raw
        self._defects = defects

    def manifest(self) -> tuple[Manifest, list[Location]]:
        kept = [
            (index, task)
            for index, entry in enumerate(self._raw["tasks"])
            for task in self._task(index, entry)
        ]
        origins = [Location(self._document.name, pointer=("tasks", index)) for index, _ in kept]
        head, notes = tolerate_manifest(self._raw)
        self._defects += [self._document.lenient(note, ()) for note in notes]
        manifest = convert({**head, "tasks": []}, Manifest)
        if manifest is None:
            from vtm.sources.salvage import errors, usable_manifest  # noqa: PLC0415  jsonschema: 40 ms

            for pointer, what in errors({**head, "tasks": []}, SCHEMA, "manifest"):
                self._defects.append(self._document.broken(what, pointer))
            manifest = usable_manifest(head)
        return msgspec.structs.replace(manifest, tasks=tuple(task for _, task in kept)), origins

    def _task(self, index: int, raw: object) -> Iterator[Task]:
        at: Pointer = ("tasks", index)
        entry, notes = tolerate_task(raw) if isinstance(raw, dict) else (raw, [])
        if isinstance(entry, dict):
            entry.pop("declared_status", None)
        task = convert(entry, Task)
        if task is None:
            from vtm.sources.salvage import errors, usable_task  # noqa: PLC0415  jsonschema: 40 ms

            task = usable_task(entry) if isinstance(entry, dict) else None
            name = task.task_id if task else ""
            for pointer, what in errors(entry, SCHEMA, "task"):
                self._defects.append(self._document.broken(what, (*at, *pointer), task_id=name))
        if task:
            self._defects += [self._document.lenient(note, at, task.task_id) for note in notes]
            yield task
