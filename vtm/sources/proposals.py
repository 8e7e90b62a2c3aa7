"""Tasks that a planner proposes, as they stand in its JSON."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from vtm.errors import UnreadableError, WrongUsageError
from vtm.model.finding import Defect, Pointer
from vtm.model.task import Task
from vtm.sources.decoder import BOM, convert, parse
from vtm.sources.diagnosis import large_numbers, too_deep
from vtm.sources.document import Document
from vtm.sources.manifest_text import SCHEMA, refuse_repeated_keys
from vtm.sources.positions import position
from vtm.sources.salvage import errors
from vtm.sources.tolerant import tolerate_task

_FIX = "write a JSON list of tasks, or an object with a list `tasks`"


class Proposals(NamedTuple):
    """What a planner proposes.

    Attributes:
        name: What findings call the file.
        data: Its bytes.
        at: Where in it the list is.
        entries: What the list holds, variants of known values replaced, nulls left out.
        notes: Which values were read as others.
    """

    name: str
    data: bytes
    at: Pointer
    entries: Sequence[Any]
    notes: Sequence[Defect]


def read_proposals(data: bytes, name: str) -> Proposals:
    """The proposals in the bytes of a file.

    Raises:
        UnreadableError: They are no JSON list of tasks, or hold what could not be written without a loss.
        WrongUsageError: The list is empty.
    """
    if not data.removeprefix(BOM).strip():
        raise _refused(name, data, "is empty")
    refuse_repeated_keys(data, name)
    for offset in large_numbers(data):
        raise _refused(name, data, "holds a number that is too large", offset, "write it as text")
    if too_deep(data):
        raise _refused(name, data, "is nested too deeply to be tasks", too_deep(data))
    document = parse(data)
    at: Pointer = () if isinstance(document, list) else ("tasks",)
    given = document.get("tasks") if isinstance(document, dict) else document
    if not isinstance(given, list):
        raise _refused(name, data, "is not a list of tasks")
    if not given:
        raise WrongUsageError(f"{name} proposes no task", code="NO-PROPOSALS", path=name, fix=_FIX)
    entries: list[Any] = []
    notes: list[Defect] = []
    for index, raw in enumerate(given):
        entry, found = tolerate_task(raw) if isinstance(raw, dict) else (raw, [])
        entries.append(entry)
        notes += [Document(name, data, SCHEMA).lenient(each, (*at, index)) for each in found]
    return Proposals(name, data, at, entries, notes)


def task_of(entry: Mapping[str, Any]) -> Task | list[tuple[Pointer, str]]:
    """The task that an entry declares, or how it breaks the schema: where, and what is wrong."""
    task = convert({key: value for key, value in entry.items() if key != "declared_status"}, Task)
    if task is not None:
        return task
    return errors(entry, SCHEMA, "task") or [((), "is no task")]


def _refused(name: str, data: bytes, what: str, offset: int = 0, fix: str = _FIX) -> UnreadableError:
    where = position(data, offset)
    return UnreadableError(
        f"{name} {what}", code="GAP::SCHEMA", path=name, line=where.line, column=where.column, fix=fix
    )
