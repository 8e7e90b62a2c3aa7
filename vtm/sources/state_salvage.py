"""A state file that does not decode as it is: read entry by entry."""

from typing import Any

import msgspec

from vtm.model.finding import Defect
from vtm.model.state import State, TaskState
from vtm.ports.reading import Recorded
from vtm.sources.decoder import BOM, MalformedError, convert, parse
from vtm.sources.document import Document
from vtm.sources.files import malformed
from vtm.sources.tolerant import tolerate_entry, tolerate_state

SCHEMA = "task-state"


def salvage(name: str, data: bytes, *, thorough: bool) -> Recorded:
    """What can be read of the state file `name`, and everything that is wrong with it."""
    try:
        raw = parse(data)
    except MalformedError as error:
        return Recorded(None, [malformed(name, data, error)])
    document = Document(name, data, SCHEMA)
    if not isinstance(raw, dict) or not isinstance(raw.get("tasks"), dict | None):
        what = "is not an object with an object `tasks`"
        return Recorded(None, [document.refused(what, ("tasks",), 'write {"tasks": {...}}')])
    defects = document.repeated_keys() if thorough else []
    if data.startswith(BOM):
        defects.append(document.marked())
    tasks = raw.get("tasks") or {}
    entries = {each: _entry(document, each, entry, defects) for each, entry in tasks.items()}
    head = _head(document, raw, defects)
    return Recorded(msgspec.structs.replace(head, tasks=entries), defects)


def _head(document: Document, raw: dict[str, Any], defects: list[Defect]) -> State:
    head, notes = tolerate_state(raw)
    defects += [document.lenient(note, ()) for note in notes]
    state = convert(head, State)
    if state is None:
        from vtm.sources.salvage import errors, usable_state  # noqa: PLC0415  jsonschema: 40 ms

        defects += [document.broken(what, pointer) for pointer, what in errors(head, SCHEMA, "state")]
        state = usable_state(head)
    return state


def _entry(document: Document, name: str, raw: object, defects: list[Defect]) -> TaskState:
    at = ("tasks", name)
    entry, notes = tolerate_entry(raw) if isinstance(raw, dict) else (raw, [])
    defects += [document.lenient(note, at, name) for note in notes]
    found = convert(entry, TaskState)
    if found is None:
        from vtm.sources.salvage import errors, usable_entry  # noqa: PLC0415  jsonschema: 40 ms

        for pointer, what in errors(entry, SCHEMA, "entry"):
            defects.append(document.broken(what, (*at, *pointer), task_id=name))
        found = usable_entry(entry)
    return found
