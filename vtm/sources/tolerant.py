"""Tolerant reading: values that mean a known one, though they are not written like it."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from vtm.model.finding import Pointer
from vtm.model.status import Risk, Size, Status

_PHASE = re.compile(r"^(phase|slice)[\s_-]*([0-9]+(?:[._][0-9]+)*)$", re.IGNORECASE)
_STATUSES = {
    **{status.value: status.value for status in Status},
    "done": "completed",
    "closed": "completed",
    "complete": "completed",
    "open": "pending",
    "todo": "pending",
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


def _phase(value: object) -> object:
    match = _PHASE.match(value.strip()) if isinstance(value, str) else None
    return f"{match[1].capitalize()} {match[2].replace('_', '.')}" if match else value


def _moment(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        return value
    if moment.tzinfo:
        return value if "T" in value.upper() else moment.isoformat()
    return moment.replace(tzinfo=UTC).isoformat().replace("+00:00", "Z")


read_risk = _named({risk.value.casefold(): risk.value for risk in Risk})
read_size = _named({size.value.casefold(): size.value for size in Size})
read_status = _named(_STATUSES)

_TASK: dict[str, Read] = {"risk": read_risk, "phase": _phase, "slice": _phase}
_ENTRY: dict[str, Read] = {"started_at": _moment, "completed_at": _moment}


def tolerate_task(raw: dict[str, Any]) -> tuple[dict[str, Any], list[Lenient]]:
    """A task entry with known values in place of their variants, and what was replaced. Nulls are absent."""
    entry = _present(raw)
    notes = list(_replace(entry, _TASK, ()))
    if isinstance(entry.get("est"), dict):
        entry["est"] = _present(entry["est"])
        notes += _replace(entry["est"], {"size": read_size}, ("est",))
    return entry, notes


def tolerate_entry(raw: dict[str, Any]) -> tuple[dict[str, Any], list[Lenient]]:
    """A state entry with known values in place of their variants, and what was replaced. Nulls are absent."""
    entry = _present(raw)
    notes = list(_replace(entry, {**_ENTRY, "status": read_status}, ()))
    if "status" in raw and raw["status"] is None:
        notes.append(Lenient(("status",), None, Status.PENDING.value))
    if isinstance(entry.get("waived"), list) and all(isinstance(each, str) for each in entry["waived"]):
        entry["waived"] = dict.fromkeys(entry["waived"], "")
    return entry, notes


def tolerate_head(raw: dict[str, Any], moment: str) -> tuple[dict[str, Any], list[Lenient]]:
    """The fields beside `tasks`, treated likewise; `moment` names the one that holds a time."""
    head = _present({key: value for key, value in raw.items() if key != "tasks"})
    if isinstance(head.get("status"), str) and head["status"].strip().casefold() == "ok":
        head["status"] = "OK"
    return head, list(_replace(head, {moment: _moment}, ()))


def is_canonical_phase(phase: str) -> bool:
    """Whether a phase or slice is written the way it is read."""
    return _phase(phase) == phase


def _present(raw: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in raw.items() if value is not None}


def _replace(entry: dict[str, Any], reads: Mapping[str, Read], at: Pointer) -> Iterator[Lenient]:
    for key, read in reads.items():
        if key in entry:
            written = entry[key]
            entry[key] = read(written)
            if entry[key] != written:
                yield Lenient((*at, key), written, entry[key])
