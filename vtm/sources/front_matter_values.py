"""Which bytes to replace to give a key of front matter another single value, or none."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from vtm.sources.front_matter_entries import Entry, line_end
from vtm.sources.yaml_scalars import Scalar, is_date, means, written

_BLOCK_HEADER = re.compile(rb"[|>][-+0-9]*")


class Splice(NamedTuple):
    """Bytes to put in place of those from `start` to `end`."""

    start: int
    end: int
    text: bytes


def spliced(data: bytes, splices: Iterable[Splice]) -> bytes:
    """`data` with all of these made; they do not overlap."""
    pieces, last = [], 0
    for each in sorted(splices):
        pieces += [data[last : each.start], each.text]
        last = each.end
    return b"".join([*pieces, data[last:]])


def new_scalar(keys: Sequence[Entry], value: Scalar) -> str:
    """A value for a key that has none; a date is quoted as the others are."""
    dates = (each.style for each in keys if is_date(each.node))
    style = next(dates, "") if isinstance(value, str) else ""
    return written(value, style, bare_date=True)


def replacing(data: bytes, keys: Sequence[Entry], entry: Entry, value: Scalar) -> list[Splice]:
    """Put `value` in place of a scalar, in the style that this has."""
    if means(entry.node, None):
        return instead(data, entry, new_scalar(keys, value))
    return instead(data, entry, written(value, entry.style, bare_date=is_date(entry.node)))


def instead(data: bytes, entry: Entry, text: str) -> list[Splice]:
    """Put `text` in place of what is written as the value."""
    start, end = entry.value
    if entry.is_empty:
        return [Splice(start, end, b" " + text.encode())]
    if entry.style not in {"|", ">"}:
        return [Splice(start, end, text.encode())]
    header = _BLOCK_HEADER.match(data, start)
    first = line_end(data, start)
    last = line_end(data, len(data[first : entry.lines.end].rstrip()) + first)
    rest = [Splice(first, last, b"")] if data[first:last].strip() else []
    return [Splice(start, header.end() if header else start, text.encode()), *rest]


def removing(data: bytes, entry: Entry) -> list[Splice]:
    """Take an entry out with its lines; where a comment stands beside the value, `null` takes its place."""
    if not _has_comment(data, entry):
        return [Splice(*entry.lines, b"")]
    if entry.is_empty:
        return []
    if entry.node.kind == "scalar" or entry.style:
        return instead(data, entry, "null")
    first = line_end(data, entry.colon)
    return [Splice(entry.colon, entry.colon, b" null"), Splice(first, entry.lines.end, b"")]


def _has_comment(data: bytes, entry: Entry) -> bool:
    """Whether a comment stands between colon and value, or behind the value."""
    start, end = entry.value
    if entry.style in {"|", ">"}:
        return b"#" in data[start : line_end(data, start)]
    if entry.node.kind == "scalar" or entry.style:
        return b"#" in data[entry.colon : start] + data[end : entry.lines.end]
    return b"#" in data[entry.colon : line_end(data, entry.colon)]
