"""The state file, read only."""

from pathlib import Path
from typing import Any

from vtm.model.finding import Defect
from vtm.model.state import State, TaskState
from vtm.ports.reading import Recorded, StateStore
from vtm.sources.decoder import BOM, MalformedError, convert, decode, parse
from vtm.sources.document import Document
from vtm.sources.files import Missing, malformed, read_bytes
from vtm.sources.tolerant import tolerate_entry, tolerate_state

SCHEMA = "task-state"


class JsonState(StateStore):
    """A state file.

    Attributes:
        name: Its path, POSIX and relative to the root: what findings call it.
    """

    def __init__(self, path: Path, name: str) -> None:
        self.path = path
        self.name = name

    def load(self, *, thorough: bool) -> Recorded:
        """Read the state; a missing file is an empty state."""
        data = read_bytes(self.path, self.name)
        if isinstance(data, Missing):
            return Recorded(State())
        if isinstance(data, Defect):
            return Recorded(None, [data])
        state = decode(data, State)
        if state is None:
            return self._salvage(data, thorough=thorough)
        return Recorded(state, Document(self.name, data, SCHEMA).repeated_keys() if thorough else ())

    def _salvage(self, data: bytes, *, thorough: bool) -> Recorded:
        try:
            raw = parse(data)
        except MalformedError as error:
            return Recorded(None, [malformed(self.name, data, error)])
        document = Document(self.name, data, SCHEMA)
        if not isinstance(raw, dict) or not isinstance(raw.get("tasks"), dict | None):
            what = "is not an object with an object `tasks`"
            return Recorded(None, [document.refused(what, ("tasks",), 'write {"tasks": {...}}')])
        defects = document.repeated_keys() if thorough else []
        if data.startswith(BOM):
            defects.append(document.marked())
        tasks = raw.get("tasks") or {}
        entries = {name: _entry(document, name, each, defects) for name, each in tasks.items()}
        head = _head(document, raw, defects)
        return Recorded(State(entries, head.manifest_hash, head.last_updated), defects)


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
