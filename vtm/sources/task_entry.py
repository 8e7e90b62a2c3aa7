"""What the front matter of a task file says, as the entry of a task."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from vtm.model.status import RISK_OF_GRADE, Grade, Impact, Risk, Scope, Size, Status
from vtm.sources.front_matter_keys import LISTS, POSITION, TEXTS
from vtm.sources.tolerant import Lenient, Read, read_moment, read_phase, read_size, read_status

Entry = dict[str, Any]

_MOST_DIGITS = 9

_RISKS = {grade.value: risk.value for grade, risk in RISK_OF_GRADE.items()}
_SILENT = {risk.value: risk.value.casefold() for risk in Risk}
"""How a manifest writes risks; a file may do so too."""


def _folding(known: Iterable[str]) -> "_Variants":
    names = frozenset(known)

    def read(value: object) -> object:
        folded = value.strip().casefold() if isinstance(value, str) else ""
        return folded if folded in names else value

    return _Variants(names, read)


class _Variants(NamedTuple):
    """The values that a field is written with, and how others are read."""

    known: frozenset[str]
    read: Read


_GRADE = _folding(Grade)


def _read_risk(value: object) -> object:
    """A grade; what a manifest writes for one means the same."""
    return _SILENT[value] if isinstance(value, str) and value in _SILENT else _GRADE.read(value)


_VARIANTS = {
    "status": _Variants(frozenset(Status), read_status),
    "phase": _Variants(frozenset({""}), read_phase),
    "slice": _Variants(frozenset({""}), read_phase),
    "started_at": _Variants(frozenset(), read_moment),
    "completed_at": _Variants(frozenset(), read_moment),
    "scope": _folding(Scope),
    "impact": _folding(Impact),
    "risk": _Variants(frozenset(Grade), _read_risk),
    "size": _Variants(frozenset(Size), read_size),
}


def entry_of(values: Mapping[Any, Any]) -> tuple[Entry, list[Lenient]]:
    """The entry that front matter makes, in the names of a manifest, and what was read as something else.

    Nothing is left out that has a value: what cannot be read stays as it is, for the schema to say so.
    """
    entry: Entry = {"declared_status": Status.PENDING.value}
    notes: list[Lenient] = []
    for key, value in values.items():
        if value is None:
            if key == "status":
                notes.append(Lenient((key,), None, Status.PENDING.value))
        elif key in LISTS:
            items, name = _list(key, value, notes), LISTS[key]
            entry[name] = _joined(entry[name], items) if name in entry else items
        elif key in _VARIANTS:
            read = _canonical(key, value, notes) if isinstance(value, str) else value
            _put(entry, key, read)
            if key == "status" and read != value:
                entry["status_word"] = value
        elif key == POSITION:
            if (
                isinstance(value, str)
                and value.isascii()
                and value.isdecimal()
                and len(value) <= _MOST_DIGITS
            ):
                entry["position"] = int(value)
        elif key == "name":
            entry.setdefault("title", value)
        else:
            entry[TEXTS.get(key, key)] = value
    return entry, notes


def _list(key: str, value: object, notes: list[Lenient]) -> object:
    if isinstance(value, list):
        return [each for each in value if each is not None]
    if isinstance(value, str):
        notes.append(Lenient((key,), value, [value]))
        return [value]
    return value


def _joined(first: object, second: object) -> object:
    """What two spellings of one key say together; what is no list stays for the schema to say so."""
    if isinstance(first, list) and isinstance(second, list):
        return [*first, *(each for each in second if each not in first)]
    return first if isinstance(second, list) else second


def _canonical(key: str, value: str, notes: list[Lenient]) -> object:
    """The known value that a variant means."""
    read = _read(key, value)
    if read != value and value not in _SILENT:
        notes.append(Lenient((key,), value, read))
    return read


@lru_cache(maxsize=1024)
def _read(key: str, value: str) -> object:
    """What a value is read as; files write the same few again and again."""
    variants = _VARIANTS[key]
    return value if value in variants.known else variants.read(value)


def _put(entry: Entry, key: str, value: object) -> None:
    """Put a value where a manifest has it."""
    if key == "status":
        entry["declared_status"] = value
    elif key == "size":
        entry["est"] = {"size": value}
    elif key == "risk":
        entry["grade"] = value
        if isinstance(value, str) and value in _RISKS:
            entry["risk"] = _RISKS[value]
    else:
        entry[key] = value
