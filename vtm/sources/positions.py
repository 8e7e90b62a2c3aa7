"""Line and column of values in JSON text, by a scanner that reads only as far as it must."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from vtm.model.finding import Pointer
from vtm.sources.decoder import BOM

_GAP = re.compile(rb"[\s,:]*+")
_STRING = re.compile(rb'"((?:[^"\\]++|\\.)*+)"', re.DOTALL)
_FLAT = re.compile(rb'(?:[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
_SCALAR = re.compile(rb"[^\s,\]}]*+")


class Position(NamedTuple):
    """A place in a text: line from 1, column in code points from 1."""

    line: int
    column: int


class RepeatedKey(NamedTuple):
    """A key that an object has twice; `pointer` leads to it, `offset` is where it stands again."""

    pointer: Pointer
    offset: int


def position(data: bytes, offset: int) -> Position:
    """The place of a byte; a byte order mark takes no column."""
    start = data.rfind(b"\n", 0, offset) + 1
    shift = len(BOM) if not start and data.startswith(BOM) else 0
    before = data[start + shift : offset].decode("utf-8", "replace")
    return Position(data.count(b"\n", 0, offset) + 1, len(before) + 1)


def locate(data: bytes, pointers: Iterable[Pointer]) -> dict[Pointer, Position]:
    """Where the values that `pointers` lead to start; what is not there has the place of its nearest parent.

    `data` is one valid JSON document. Of a member of an object the place is that of its key.
    """
    wanted = set(pointers)
    tree = _tree(wanted)
    offsets = {(): _start(data), **dict(_walk(data, _start(data), (), tree))}
    found: dict[Pointer, Position] = {}
    places: dict[int, Position] = _positions(data, set(offsets.values()))
    for pointer in wanted:
        nearest = next(pointer[:end] for end in range(len(pointer), -1, -1) if pointer[:end] in offsets)
        found[pointer] = places[offsets[nearest]]
    return found


class _Tree(dict[str | int, "_Tree"]):
    """Pointers that share their beginnings; a leaf is empty."""


def _tree(pointers: Iterable[Pointer]) -> _Tree:
    top = _Tree()
    for pointer in pointers:
        branch = top
        for key in pointer:
            branch = branch.setdefault(key, _Tree())
    return top


def _positions(data: bytes, offsets: set[int]) -> dict[int, Position]:
    """`position` of many offsets, counting each line once."""
    found: dict[int, Position] = {}
    line, counted = 0, 0
    for offset in sorted(offsets):
        line += data.count(b"\n", counted, offset)
        counted = offset
        column = position(data[data.rfind(b"\n", 0, offset) + 1 : offset], offset).column if line else 0
        found[offset] = Position(line + 1, column or position(data, offset).column)
    return found


def _start(data: bytes) -> int:
    return _gap(data, len(BOM) if data.startswith(BOM) else 0)


def _gap(data: bytes, offset: int) -> int:
    match = _GAP.match(data, offset)
    return match.end() if match else offset


def _walk(data: bytes, start: int, at: Pointer, tree: _Tree) -> Iterator[tuple[Pointer, int]]:
    """Offsets of all values under `start` that `tree` names."""
    work = [(start, at, tree)]
    while work:
        offset, parent, branches = work.pop()
        left = len(branches)
        for key, where, value in _members(data, offset):
            if key in branches:
                yield (*parent, key), where
                if branches[key]:
                    work.append((value, (*parent, key), branches[key]))
                left -= 1
                if not left:
                    break


def _members(data: bytes, offset: int) -> Iterator[tuple[str | int, int, int]]:
    """Key or index, its offset and its value's offset, for each member of the value at `offset`."""
    opening = data[offset : offset + 1]
    at = _gap(data, offset + 1)
    index = 0
    while opening in {b"{", b"["} and data[at : at + 1] not in {b"}", b"]", b""}:
        where, key = at, index
        if opening == b"{":
            name = _STRING.match(data, at)
            if not name:
                return
            at = _gap(data, name.end())
            yield _text(name[1]), where, at
        else:
            yield key, where, at
        at = _gap(data, _skip(data, at))
        index += 1


def _text(raw: bytes) -> str:
    """A key as the decoder reads it."""
    if b"\\" not in raw:
        return raw.decode("utf-8", "replace")
    import json  # noqa: PLC0415  a key with an escape is rare

    return str(json.loads(b'"' + raw + b'"'))


def _skip(data: bytes, offset: int) -> int:
    """The offset behind the value at `offset`."""
    if data[offset : offset + 1] not in {b"{", b"["}:
        match = _STRING.match(data, offset) or _SCALAR.match(data, offset)
        return match.end() if match else len(data)
    depth = 0
    while offset < len(data):
        depth += 1 if data[offset] in b"{[" else -1
        offset += 1
        if not depth:
            break
        match = _FLAT.match(data, offset)
        offset = match.end() if match else len(data)
    return offset


def repeated_keys(data: bytes) -> Iterator[RepeatedKey]:
    """Every key that stands twice in the same object, in the order of the objects."""
    work: list[tuple[int, Pointer]] = [(_start(data), ())]
    while work:
        offset, parent = work.pop()
        seen: set[str | int] = set()
        for key, where, value in _members(data, offset):
            if key in seen:
                yield RepeatedKey((*parent, key), where)
            seen.add(key)
            if data[value : value + 1] in {b"{", b"["}:
                work.append((value, (*parent, key)))
