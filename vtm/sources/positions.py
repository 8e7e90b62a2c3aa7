"""Line and column of values in JSON text, by a scanner that reads only as far as it must."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from vtm.model.finding import Pointer
from vtm.sources.decoder import BOM

_GAP = re.compile(rb"[\s,:]*+")
_STRING = re.compile(rb'"((?:[^"\\]++|\\.)*+)"', re.DOTALL)
_FLAT = re.compile(rb'(?:[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
_SCALAR = re.compile(rb"[^\s,\]}]*+")
_KEY_OR_BRACE = re.compile(rb'"((?:[^"\\]++|\\.)*+)"(\s*+:)?+|[{}]', re.DOTALL)
_SPECIAL = re.compile(r"[\x00-\x1f\"\\/]")
_FEW = 8


class Position(NamedTuple):
    """A place in a text: line from 1, column in code points from 1."""

    line: int
    column: int


class RepeatedKey(NamedTuple):
    """A key that an object has twice, and the place where it stands again."""

    key: str
    at: Position


def position(data: bytes, offset: int) -> Position:
    """The place of a byte; a byte order mark takes no column."""
    return _positions(data, {offset})[offset]


def _positions(data: bytes, offsets: Iterable[int]) -> dict[int, Position]:
    """The places of many bytes; `data` is gone through once."""
    found: dict[int, Position] = {}
    line, column, last = 1, 1, len(BOM) if data.startswith(BOM) else 0
    for offset in sorted(offsets):
        piece = data[last:offset]
        start = piece.rfind(b"\n") + 1
        if start:
            line += piece.count(b"\n")
            column = 1
        column += len(piece[start:].decode("utf-8", "replace"))
        found[offset] = Position(line, column)
        last = max(last, offset)
    return found


def locate(data: bytes, pointers: Iterable[Pointer]) -> dict[Pointer, Position]:
    """Where the values that `pointers` lead to start; what is not there has the place of its nearest parent.

    `data` is one JSON document; in one that is cut or wrong, some values are not found. Of a member of an
    object the place is that of its key; of a key that is repeated, the last one, because that one is read.
    """
    wanted = set(pointers)
    start = _start(data)
    offsets = {(): start, **dict(_walk(data, start, _tree(wanted)))}
    places = _positions(data, set(offsets.values()))
    found: dict[Pointer, Position] = {}
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


def _start(data: bytes) -> int:
    return _gap(data, len(BOM) if data.startswith(BOM) else 0)


def _gap(data: bytes, offset: int) -> int:
    match = _GAP.match(data, offset)
    return match.end() if match else offset


def _walk(data: bytes, start: int, tree: _Tree) -> Iterator[tuple[Pointer, int]]:
    """Offsets of all values under `start` that `tree` names."""
    work: list[tuple[int, Pointer, _Tree]] = [(start, (), tree)]
    while work:
        offset, parent, branches = work.pop()
        for key, (where, value) in _named(data, offset, branches, lazy=len(parent) < 2).items():
            yield (*parent, key), where
            if branches[key]:
                work.append((value, (*parent, key), branches[key]))


def _named(
    data: bytes, offset: int, names: Collection[str | int], *, lazy: bool
) -> dict[str | int, tuple[int, int]]:
    """The offset and the value's offset of those members of the value at `offset` that `names` holds.

    With `lazy` it pays to find out whether the rest has to be looked at.
    """
    found: dict[str | int, tuple[int, int]] = {}
    for key, where, value in _members(data, offset) if names else ():
        if key in names:
            found[key] = where, value
            if len(found) == len(names) and not _may_come_again(data, names, value, lazy=lazy):
                break
    return found


def _may_come_again(data: bytes, names: Collection[str | int], offset: int, *, lazy: bool) -> bool:
    """Whether one of `names` may be a key behind `offset`; where that takes long to tell, it may.

    A key without special characters can be written in another way only with an escape of its code point.
    """
    keys = [key for key in names if isinstance(key, str)]
    if not keys:
        return False
    if not lazy or len(keys) > _FEW or data.find(b"\\u", offset) >= 0:
        return True
    return any(_SPECIAL.search(key) or data.find(b'"%s"' % key.encode(), offset) >= 0 for key in keys)


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

    try:
        return str(json.loads(b'"' + raw + b'"'))
    except ValueError:
        return raw.decode("utf-8", "replace")


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


def repeated_keys(data: bytes) -> list[RepeatedKey]:
    """Every key that stands again in the same object, in the order of the text; `data` is valid JSON."""
    again: dict[int, str] = {}
    objects: list[set[str]] = []
    for token in _KEY_OR_BRACE.finditer(data):
        if token[0] == b"{":
            objects.append(set())
        elif token[0] == b"}":
            objects.pop()
        elif token[2]:
            key = _text(token[1])
            if key in objects[-1]:
                again[token.start()] = key
            objects[-1].add(key)
    places = _positions(data, again)
    return [RepeatedKey(key, places[offset]) for offset, key in again.items()]
