"""Edits of JSON text that leave every other byte as it is."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import msgspec

from vtm.sources.scanner import STRING, extents, first, gap

_UNIT = b"  "


class Item(NamedTuple):
    """A member of an object or list: where it, its value, and what is behind its value start."""

    key: str | int
    start: int
    value: int
    end: int


class Splice(NamedTuple):
    """Bytes that stand in place of those from `start` to `end`."""

    start: int
    end: int
    text: bytes


class Style(NamedTuple):
    """How the members of an object or list are laid out.

    Attributes:
        newline: What ends a line; empty: they follow each other on one line.
        indent: White space in front of each.
        outer: White space in front of the closing bracket.
        unit: What `indent` grows by from one level to the next.
        spaced: Whether a space follows colons and commas on one line.
    """

    newline: bytes = b"\n"
    indent: bytes = _UNIT
    outer: bytes = b""
    unit: bytes = _UNIT
    spaced: bool = True


class Container:
    """An object or a list in JSON text that is valid.

    Attributes:
        items: Its members, in the order of the text.
        style: How they are laid out.
    """

    def __init__(self, data: bytes, at: int, parent: Style | None = None) -> None:
        self._data = data
        self._at = at
        self.items = [Item(*found) for found in extents(data, at)]
        self._close = gap(data, self.items[-1].end if self.items else at + 1)
        self.style = self._styled(parent)

    @property
    def is_list(self) -> bool:
        """Whether it is a list and no object."""
        return self._data[self._at : self._at + 1] == b"["

    def member(self, key: str | int) -> Item | None:
        """The member with this key, or at this position; of a key that is repeated, the last one."""
        if isinstance(key, int):
            return self.items[key] if self.is_list and 0 <= key < len(self.items) else None
        return next((each for each in reversed(self.items) if each.key == key), None)

    def inside(self, key: str | int) -> "Container | None":
        """The object or list that is the value of a member; None where there is none."""
        item = self.member(key)
        return self._opened(item) if item else None

    def with_items(self, values: Sequence[object]) -> bytes:
        """The whole text with `values` at the end of this list."""
        return spliced(self._data, [self.appending(values)])

    def with_members(self, values: Mapping[str, object]) -> bytes:
        """The whole text with these members of this object: replaced where they are, or put at its end."""
        return spliced(self._data, self.setting(values))

    def without(self, dropped: Collection[str | int]) -> bytes:
        """The whole text without these members; what stays keeps what is between it and what was before."""
        return spliced(self._data, self.dropping(dropped))

    def appending(self, values: Sequence[object]) -> Splice:
        """What puts `values` at the end of this list."""
        return self._appended([self._written(each) for each in values])

    def setting(self, values: Mapping[str, object] | Mapping[str | int, object]) -> Iterator[Splice]:
        """What gives these members these values; those that are not there come at the end."""
        colon = b": " if self.style.spaced else b":"
        new = []
        for key, value in values.items():
            item = self.member(key)
            if item:
                yield Splice(item.value, item.end, self._written(value))
            else:
                new.append(msgspec.json.encode(key) + colon + self._written(value))
        if new:
            yield self._appended(new)

    def dropping(self, dropped: Collection[str | int]) -> Iterator[Splice]:
        """What takes these members out."""
        items = self.items
        kept = [at for at, item in enumerate(items) if item.key not in dropped]
        if not kept:
            yield Splice(self._at + 1, self._close, b"")
            return
        if kept[0]:
            yield Splice(items[0].start, items[kept[0]].start, b"")
        for at in range(kept[0] + 1, len(items)):
            if items[at].key in dropped:
                yield Splice(items[at - 1].end, items[at].end, b"")

    def _opened(self, item: Item) -> "Container | None":
        if self._data[item.value : item.value + 1] not in {b"{", b"["}:
            return None
        return Container(self._data, item.value, self.style)

    def _styled(self, parent: Style | None) -> Style:
        above = parent or Style(b"\n", b"", b"", _UNIT, self._spaced())
        if not self.items:
            return above._replace(outer=above.indent, indent=above.indent + above.unit)
        head = self._data[self._at + 1 : self.items[0].start]
        tail = self._data[self.items[-1].end : self._close]
        if b"\n" not in head:
            return above._replace(newline=b"")
        indent = head.rpartition(b"\n")[2]
        outer = tail.rpartition(b"\n")[2] if b"\n" in tail else above.indent
        deeper = len(indent) > len(outer) and indent.startswith(outer)
        unit = indent[len(outer) :] if deeper else above.unit
        return Style(b"\r\n" if b"\r\n" in head else b"\n", indent, outer, unit, above.spaced)

    def _spaced(self) -> bool:
        """Whether a space follows the first colon; without any, it does."""
        name = STRING.match(self._data, self.items[0].start) if self.items else None
        return name is None or b": " in self._data[name.end() : self.items[0].value]

    def _appended(self, texts: Sequence[bytes]) -> Splice:
        data, (newline, indent, outer, _, spaced) = self._data, self.style
        between = b"," + newline + indent if newline else b", " if spaced else b","
        if not self.items:
            around = (newline + indent, newline + outer) if newline else (b"", b"")
            return Splice(self._at + 1, self._close, between.join(texts).join(around))
        if len(self.items) > 1:
            between = data[self.items[-2].end : self.items[-1].start]
        end = self.items[-1].end
        return Splice(end, end, b"".join(between + each for each in texts))

    def _written(self, value: object) -> bytes:
        """`value` laid out as the members that are there are, or as they would be."""
        raw = msgspec.json.encode(value)
        style = self._inner
        if not style.newline:
            return msgspec.json.format(raw, indent=0 if style.spaced else -1)
        head, *rest = msgspec.json.format(raw, indent=1).split(b"\n")
        return style.newline.join([head, *(_indented(line, style) for line in rest)])

    @cached_property
    def _inner(self) -> Style:
        """The style of an object or list in here; in a list it is that of the last one that has members."""
        opened = (self._opened(item) for item in reversed(self.items) if self.is_list)
        sample = next((each for each in opened if each and each.items), None)
        style = self.style
        return (
            sample.style if sample else style._replace(outer=style.indent, indent=style.indent + style.unit)
        )


def opened(data: bytes) -> Container:
    """The object or list that the whole text is."""
    return Container(data, first(data))


def spliced(data: bytes, splices: Iterable[Splice]) -> bytes:
    """`data` with all of `splices`, none of which reaches into another one."""
    pieces, at = [], 0
    for start, end, text in sorted(splices):
        pieces += [data[at:start], text]
        at = end
    return b"".join([*pieces, data[at:]])


def _indented(line: bytes, style: Style) -> bytes:
    """A line of text that is indented by one space a level, as `style` wants it."""
    rest = line.lstrip(b" ")
    depth = len(line) - len(rest)
    return (style.indent + style.unit * (depth - 1) if depth else style.outer) + rest
