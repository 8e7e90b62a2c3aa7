"""Line and column of values in JSON text."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from vtm.model.finding import Pointer
from vtm.sources.decoder import BOM
from vtm.sources.scanner import first, members, text

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
    return positions(data, {offset})[offset]


def positions(data: bytes, offsets: Iterable[int]) -> dict[int, Position]:
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
    start = first(data)
    offsets = {(): start, **dict(_walk(data, start, _tree(wanted)))}
    places = positions(data, set(offsets.values()))
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
    for key, where, value in members(data, offset) if names else ():
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
            key = text(token[1])
            if key in objects[-1]:
                again[token.start()] = key
            objects[-1].add(key)
    places = positions(data, again)
    return [RepeatedKey(key, places[offset]) for offset, key in again.items()]
