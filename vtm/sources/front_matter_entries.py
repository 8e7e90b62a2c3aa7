"""The keys of front matter: where each, its value and the lines they stand on are."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from vtm.sources.markdown_text import Parts
from vtm.sources.yaml_nodes import Node, YamlError, YamlProblem

_COLON = re.compile(rb"[ ]*:")
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_INDENT = re.compile(rb"[ ]*")
_SIMPLE = "write keys as `key: value`, each on a line of its own"


class Span(NamedTuple):
    """A part of a text, as byte offsets."""

    start: int
    end: int


class Entry(NamedTuple):
    """A key of the front matter with its value.

    Attributes:
        name: The key.
        span: All of it: the lines of `lines`, the comment lines right above, and those below that are
            indented more than the key.
        lines: The lines of key and value.
        key: The key as written.
        colon: What follows the colon.
        value: The value as written, anchor and tag included; of a block of several lines, all of its lines
            but the last line end; empty and behind the colon where nothing is written.
        style: `'`, `"`, `|` or `>` of a scalar, `[` of a list or mapping in brackets, else empty.
        node: The value. Where nothing is written for it, its own place is not to be relied on.
    """

    name: str
    span: Span
    lines: Span
    key: Span
    colon: int
    value: Span
    style: str
    node: Node

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written behind the colon."""
        return self.value.start == self.value.end


def line_start(data: bytes, at: int) -> int:
    """Where the line of a byte starts."""
    return max(data.rfind(b"\n", 0, at), data.rfind(b"\r", 0, at)) + 1


def line_end(data: bytes, at: int) -> int:
    """Where the line of a byte ends, its line end included."""
    found = _LINE.match(data, at)
    return found.end() if found else at


def entries_of(data: bytes, parts: Parts, top: Node | None) -> tuple[Entry, ...]:
    """The keys of `top`, in the order of the text.

    Raises:
        YamlError: It is no block mapping, or a key of it is not on a line of its own.
    """
    if top is None:
        return ()
    if top.kind != "mapping" or top.style or top.anchor or top.tag:
        raise YamlError(
            YamlProblem("does not consist of keys with values", top.start, _SIMPLE, invalid=False)
        )
    pairs = top.pairs
    starts = [_key_line(data, key) for key, _ in pairs]
    found: list[Entry] = []
    for pair, start, following in zip(pairs, starts, [*starts[1:], parts.end], strict=True):
        least = found[-1].span.end if found else parts.yaml
        found.append(_entry(data, pair, Span(start, following), least))
    return tuple(found)


def _key_line(data: bytes, key: Node) -> int:
    """Where the line of a key starts."""
    start = line_start(data, key.start)
    alone = not data[start : key.start].strip(b" ") and _COLON.match(data, key.end)
    if key.kind != "scalar" or key.anchor or key.tag or not alone:
        raise YamlError(YamlProblem("has a key that is not plain", key.start, _SIMPLE, invalid=False))
    return start


def _entry(data: bytes, pair: tuple[Node, Node], room: Span, least: int) -> Entry:
    """One entry; the next one starts where `room` ends, and the one before ended at `least`."""
    key, node = pair
    found = _COLON.match(data, key.end)
    colon = found.end() if found else key.end
    value, end = _value(data, node, colon, room.end)
    first = _with_comments_above(data, room.start, least)
    last = _with_deeper(data, end, room.end, key.start - room.start)
    place = Span(key.start, key.end)
    return Entry(key.value, Span(first, last), Span(room.start, end), place, colon, value, node.style, node)


def _value(data: bytes, node: Node, colon: int, following: int) -> tuple[Span, int]:
    """Where a value is, and where the last line of it ends."""
    if node.start == node.end and not node.children:
        return Span(colon, colon), line_end(data, colon)
    if node.kind in {"list", "mapping"} and not node.style:
        last = _last_written(data, node, following)
        return Span(node.start, len(data[:last].rstrip(b"\r\n"))), last
    if node.style in {"|", ">"}:
        end = _block_end(data, node)
        return Span(node.start, len(data[:end].rstrip(b"\r\n"))), end
    return Span(node.start, node.end), line_end(data, node.end)


def _block_end(data: bytes, node: Node) -> int:
    """Where a block scalar ends: blank lines at its end belong to it only where it says so by `+`."""
    header = data[node.start : line_end(data, node.start)].partition(b"#")[0]
    if b"+" in header.split(b"|" if node.style == "|" else b">")[-1]:
        return node.end
    last = len(data[: node.end].rstrip(b" \t\r\n"))
    return line_end(data, last)


def _last_written(data: bytes, node: Node, following: int) -> int:
    """Where the last line of a block collection ends: the last that is neither blank nor a comment."""
    quoted = [each for each in node.all() if each.kind == "scalar" and each.style]
    least = line_end(data, node.start)
    if quoted:
        last = quoted[-1]
        least = _block_end(data, last) if last.style in {"|", ">"} else line_end(data, last.end)
    for line in _lines(data, least, following):
        text = data[line.start : line.end].strip()
        if text and not text.startswith(b"#"):
            least = line.end
    return least


def _lines(data: bytes, start: int, end: int) -> Iterator[Span]:
    while start < end:
        stop = line_end(data, start)
        yield Span(start, stop)
        start = stop


def _with_deeper(data: bytes, end: int, following: int, indent: int) -> int:
    """`end`, or the end of the last comment line behind it that is indented more than the key."""
    for line in _lines(data, end, following):
        spaces = _INDENT.match(data, line.start)
        if spaces and len(spaces[0]) > indent and data[spaces.end() : spaces.end() + 1] == b"#":
            end = line.end
    return end


def _with_comments_above(data: bytes, start: int, least: int) -> int:
    """`start`, or the start of the first of the comment lines right above."""
    while start > least:
        above = line_start(data, start - (2 if data[start - 2 : start] == b"\r\n" else 1))
        if above < least or not data[above:start].lstrip(b" ").startswith(b"#"):
            break
        start = above
    return start
