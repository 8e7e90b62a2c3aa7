"""Single changes of a document of plain values, and what they make of it."""

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from vtm.model.finding import Pointer


class Replaced(Struct, frozen=True):
    """A value that is there becomes another one."""

    pointer: Pointer
    value: Any


class Removed(Struct, frozen=True):
    """An item of a list goes; the first item of a list never does."""

    pointer: Pointer


class Appended(Struct, frozen=True):
    """A list gets one more item at its end; where there is no list, or null, it becomes one."""

    pointer: Pointer
    value: Any


Edit = Replaced | Removed | Appended
"""Pointers are those of the document before any of its edits."""


def intended(document: Any, edits: Iterable[Edit]) -> Any:
    """`document`, which is changed, after `edits`."""
    removed: list[Pointer] = []
    for edit in edits:
        *parents, last = edit.pointer
        holder = document
        for key in parents:
            holder = holder[key]
        if isinstance(edit, Replaced):
            holder[last] = edit.value
        elif isinstance(edit, Removed):
            removed.append(edit.pointer)
        elif isinstance(holder, dict) and holder.get(last) is None:
            holder[last] = [edit.value]
        else:
            holder[last].append(edit.value)
    for pointer in sorted(removed, key=_index, reverse=True):
        holder = document
        for key in pointer[:-1]:
            holder = holder[key]
        del holder[pointer[-1]]
    return document


def _index(pointer: Pointer) -> int:
    return int(pointer[-1])
