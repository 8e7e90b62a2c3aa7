"""Where the parts of JSON text begin and end: a scanner that reads only as far as it must."""

import re
from collections.abc import Iterator

from vtm.sources.decoder import BOM

STRING = re.compile(rb'"((?:[^"\\]++|\\.)*+)"', re.DOTALL)

_GAP = re.compile(rb"[\s,:]*+")
_FLAT = re.compile(rb'(?:[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
_SCALAR = re.compile(rb"[^\s,\]}]*+")


def first(data: bytes) -> int:
    """The offset of the document itself, behind a byte order mark and white space."""
    return gap(data, len(BOM) if data.startswith(BOM) else 0)


def gap(data: bytes, offset: int) -> int:
    """The offset behind white space, commas and colons."""
    match = _GAP.match(data, offset)
    return match.end() if match else offset


def members(data: bytes, offset: int) -> Iterator[tuple[str | int, int, int]]:
    """Key or index, its offset and its value's offset, for each member of the value at `offset`."""
    index, at = 0, gap(data, offset + 1)
    while member := _member(data, offset, at, index):
        yield member
        index, at = index + 1, gap(data, skip(data, member[2]))


def extents(data: bytes, offset: int) -> Iterator[tuple[str | int, int, int, int]]:
    """The same, and the offset behind the value, each value being gone through once."""
    index, at = 0, gap(data, offset + 1)
    while member := _member(data, offset, at, index):
        end = skip(data, member[2])
        yield (*member, end)
        index, at = index + 1, gap(data, end)


def _member(data: bytes, offset: int, at: int, index: int) -> tuple[str | int, int, int] | None:
    """The member at `at` of the value at `offset`; None: that is none, or has no more."""
    opening = data[offset : offset + 1]
    if opening not in {b"{", b"["} or data[at : at + 1] in {b"}", b"]", b""}:
        return None
    if opening == b"[":
        return index, at, at
    name = STRING.match(data, at)
    return (text(name[1]), at, gap(data, name.end())) if name else None


def text(raw: bytes) -> str:
    """A key as the decoder reads it."""
    if b"\\" not in raw:
        return raw.decode("utf-8", "replace")
    import json  # noqa: PLC0415  a key with an escape is rare

    try:
        return str(json.loads(b'"' + raw + b'"'))
    except ValueError:
        return raw.decode("utf-8", "replace")


def skip(data: bytes, offset: int) -> int:
    """The offset behind the value at `offset`."""
    if data[offset : offset + 1] not in {b"{", b"["}:
        match = STRING.match(data, offset) or _SCALAR.match(data, offset)
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
