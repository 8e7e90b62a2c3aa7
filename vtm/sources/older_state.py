"""What is written in a state file in a way that vtm reads, but does not write."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from vtm.model.replacement import Replacement
from vtm.model.state import UNTOUCHED, Evidence, TaskState
from vtm.model.status import Status
from vtm.model.task import Task
from vtm.sources.decoder import convert
from vtm.sources.tolerant import tolerate_entry, tolerate_state

_HASH = "manifest_hash"
_MET, _LEFT = "acs_completed", "acs_remaining"
_DEFAULTS: dict[str, Any] = msgspec.to_builtins(UNTOUCHED)


def replacements(
    document: Mapping[str, Any], tasks: Mapping[str, Task], respelled: Callable[[str], str]
) -> Iterator[Replacement]:
    """What is to be replaced in a state file, so that it is written as vtm writes it.

    `tasks` are those declared, by id, and `respelled` gives the hash as it is to be.
    """
    recorded = document.get(_HASH)
    if recorded is None or isinstance(recorded, str):
        after = respelled(recorded or "")
        if after != recorded and (after or (recorded is None and _HASH in document)):
            yield Replacement((_HASH,), recorded, after)
    _, notes = tolerate_state(dict(document))
    yield from (Replacement(each.pointer, each.written, each.read) for each in notes)
    if "tasks" in document and document["tasks"] is None:
        yield Replacement(("tasks",), None, {})
    for task_id, entry in (document.get("tasks") or {}).items():
        if isinstance(entry, dict):
            for each in _of_entry(entry, tasks.get(task_id)):
                yield each._replace(pointer=("tasks", task_id, *each.pointer))


def _of_entry(raw: dict[str, Any], task: Task | None) -> Iterator[Replacement]:
    entry, _ = tolerate_entry(raw)
    met = _met(entry, task)
    for name, default in _DEFAULTS.items():
        if name == _MET and (met or _says_nothing(raw)):
            yield Replacement((name,), raw.get(name), met)
        elif name in raw:
            yield from _of_field(name, raw[name], entry.get(name), default)


def _of_field(name: str, written: object, read: object, default: object) -> Iterator[Replacement]:
    if written is None:
        if convert({name: None}, TaskState) is None:
            yield Replacement((name,), None, default)
    elif name == "evidence" and isinstance(written, dict) and isinstance(read, dict):
        for key, value in written.items():
            if value is None and convert({key: None}, Evidence) is None:
                yield Replacement((name, key), None, {})
            elif value is not None and not _same(value, read[key]):
                yield Replacement((name, key), value, read[key])
    elif not _same(written, read):
        yield Replacement((name,), written, read)


def _met(entry: Mapping[str, Any], task: Task | None) -> list[str]:
    """Criteria that were met, where an entry only says which are left, and that may be believed."""
    left = entry.get(_LEFT)
    if _MET in entry or task is None or not isinstance(left, list):
        return []
    declared = [each.id for each in task.acceptance_criteria]
    met = [each for each in declared if each not in left]
    some_left = bool(left) and all(each in declared for each in left)
    return met if some_left or entry.get("status") == Status.COMPLETED else []


def _says_nothing(raw: Mapping[str, Any]) -> bool:
    """Whether an entry neither says what was met nor what is left: an empty list must not come to say so."""
    return _MET not in raw and _LEFT in raw and raw[_LEFT] is None


def _same(written: object, read: object) -> bool:
    """Whether two values are the same and written alike; 1.0 is not 1."""
    return type(written) is type(read) and written == read
