"""Tolerant reading: values that mean a known one, though they are not written like it."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from vtm.model.finding import Pointer
from vtm.model.status import Grade, Impact, Risk, Scope, Size, Status
from vtm.model.task import Timestamp
from vtm.sources.decoder import convert

_PHASE = re.compile(r"^(phase|slice)[\s_-]*([0-9]+(?:[._][0-9]+)*)$", re.IGNORECASE)
_STATUSES = {
    **{status.value: status.value for status in Status},
    "done": "completed",
    "closed": "completed",
    "complete": "completed",
    "open": "pending",
    "todo": "pending",
    "to-do": "pending",
    "failed": "blocked",
    "cancelled": "abandoned",
    "canceled": "abandoned",
}


class Lenient(NamedTuple):
    """A value that was read as another one; `pointer` leads to it inside its entry."""

    pointer: Pointer
    written: object
    read: object


Read = Callable[[object], object]


def _named(names: Mapping[str, str]) -> Read:
    def read(value: object) -> object:
        if not isinstance(value, str):
            return value
        return names.get(re.sub(r"[\s_]+", "-", value.strip().casefold()), value)

    return read


def read_phase(value: object) -> object:
    """A phase or slice as vtm writes it, where it is one of those that are numbered."""
    match = _PHASE.match(value.strip()) if isinstance(value, str) else None
    return f"{match[1].capitalize()} {match[2].replace('_', '.')}" if match else value


def read_moment(value: object) -> object:
    """A moment as vtm writes it, where it is one that is written in another form."""
    if not isinstance(value, str) or convert(value, Timestamp) is not None:
        return value
    try:
        moment = datetime.fromisoformat(value.strip())
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return value
    return moment.isoformat().replace("+00:00", "Z")


def _head_status(value: object) -> object:
    return "OK" if isinstance(value, str) and value.strip().casefold() == "ok" else value


def read_whole(value: object) -> object:
    """A whole number, however it is written: JSON does not tell 1.0 from 1, and nothing is said of it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


read_risk = _named({risk.value.casefold(): risk.value for risk in Risk})
read_size = _named({size.value.casefold(): size.value for size in Size})
read_status = _named(_STATUSES)

_TASK: dict[str, Read] = {"risk": read_risk, "phase": read_phase, "slice": read_phase}
_OF_ANALYSES: dict[str, set[str] | None] = {
    "grade": {grade.value for grade in Grade},
    "scope": {scope.value for scope in Scope},
    "impact": {impact.value for impact in Impact},
    "level": None,
}
"""Keys that only analyses look at, with the values they know; None: any text."""
_ENTRY: dict[str, Read] = {
    "status": read_status,
    "started_at": read_moment,
    "completed_at": read_moment,
    "pr_number": read_whole,
    "epoch": read_whole,
}
_EVIDENCE: dict[str, Read] = dict.fromkeys(("tests_passed", "tests_failed", "exit_code"), read_whole)


def tolerate_task(raw: dict[str, Any]) -> tuple[dict[str, Any], list[Lenient]]:
    """A task entry with known values in place of their variants, and what was replaced. Nulls are absent."""
    entry = _present(raw)
    _drop_other_meanings(entry)
    notes = list(_replace(entry, _TASK, ()))
    notes += _inside(entry, "est", {"size": read_size})
    if isinstance(entry.get("acceptance_criteria"), list):
        entry["acceptance_criteria"] = [
            _present(each) if isinstance(each, dict) else each for each in entry["acceptance_criteria"]
        ]
    return entry, notes


def _drop_other_meanings(entry: dict[str, Any]) -> None:
    """Leave out what others mean by keys of analyses: manifests may have them from before vtm read them."""
    for key, known in _OF_ANALYSES.items():
        if key in entry and not (isinstance(entry[key], str) and (known is None or entry[key] in known)):
            del entry[key]


def tolerate_entry(raw: dict[str, Any]) -> tuple[dict[str, Any], list[Lenient]]:
    """A state entry with known values in place of their variants, and what was replaced. Nulls are absent."""
    entry = _present(raw)
    notes = list(_replace(entry, _ENTRY, ()))
    notes += _inside(entry, "evidence", _EVIDENCE)
    if "status" in raw and raw["status"] is None:
        notes.append(Lenient(("status",), None, Status.PENDING.value))
    waived = entry.get("waived")
    if isinstance(waived, list) and all(isinstance(each, str) for each in waived):
        entry["waived"] = dict.fromkeys(waived, "")
        notes.append(Lenient(("waived",), waived, entry["waived"]))
    return entry, notes


def tolerate_manifest(raw: dict[str, Any]) -> tuple[dict[str, Any], list[Lenient]]:
    """The fields beside `tasks` of a manifest, treated likewise."""
    head = _present({key: value for key, value in raw.items() if key != "tasks"})
    notes = list(_replace(head, {"status": _head_status, "timestamp": read_moment}, ()))
    return head, notes + list(_inside(head, "gaps", {}))


def tolerate_state(raw: dict[str, Any]) -> tuple[dict[str, Any], list[Lenient]]:
    """The fields beside `tasks` of a state file, treated likewise."""
    head = _present({key: value for key, value in raw.items() if key != "tasks"})
    return head, list(_replace(head, {"last_updated": read_moment}, ()))


def is_canonical_head_status(status: str) -> bool:
    """Whether the status of a manifest is written the way it is read."""
    return _head_status(status) == status


def is_canonical_phase(phase: str) -> bool:
    """Whether a phase or slice is written the way it is read."""
    return read_phase(phase) == phase


def _present(raw: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in raw.items() if value is not None}


def _replace(entry: dict[str, Any], reads: Mapping[str, Read], at: Pointer) -> Iterator[Lenient]:
    for key, read in reads.items():
        if key in entry:
            written = entry[key]
            entry[key] = read(written)
            if entry[key] != written:
                yield Lenient((*at, key), written, entry[key])


def _inside(entry: dict[str, Any], key: str, reads: Mapping[str, Read]) -> Iterator[Lenient]:
    """Treat the object under `key`, where there is one, as the entry itself is treated."""
    if isinstance(entry.get(key), dict):
        entry[key] = _present(entry[key])
        yield from _replace(entry[key], reads, (key,))
