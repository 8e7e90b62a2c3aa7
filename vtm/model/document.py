"""A document that a task refers to."""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct


class Span(NamedTuple):
    """Lines `first` to `last` of a document, counted from 1, both included."""

    first: int
    last: int


class Section(NamedTuple):
    """What stands below one heading up to the next one, of whatever level.

    Attributes:
        heading: Its text; empty: what stands before the first heading.
        blocks: Where it can be cut without cutting a code block; together they are `span`.
    """

    span: Span
    heading: str
    blocks: Sequence[Span]


class Document(Struct, frozen=True):
    """A document as it was read.

    Attributes:
        path: Relative to the root, POSIX; the reference itself where that leads to no file.
        size: In bytes; 0 where it could not be looked at.
        sha256: Of all its bytes, in hex; empty where they were not read.
        lines: Without line ends; none where there is a problem, at least one elsewhere.
        problem: Why its text cannot be shown; empty: it can.
        anchors: The sections that references name behind a `#`, in lower case.
    """

    path: str
    size: int = 0
    sha256: str = ""
    lines: tuple[str, ...] = ()
    problem: str = ""
    anchors: tuple[str, ...] = ()

    @property
    def all(self) -> Span:
        """All of its lines."""
        return Span(1, len(self.lines))

    def text(self, span: Span) -> str:
        """The lines of `span`, without a line end behind the last."""
        return "\n".join(self.lines[span.first - 1 : span.last])
