"""Sentences that are made from numbers, and say where each of them stands."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from msgspec import Struct

from vtm.model.fence import code_span
from vtm.queries.aar_totals import Numbers

MOST = 10
"""So many sentences of a kind; the numbers have all of it."""


class Fact(Struct, frozen=True):
    """One sentence.

    Attributes:
        id: Unique in the review: `over-estimate-0`.
        text: Markdown; ids of tasks and codes are code spans.
        sources: Where in this answer each value in the sentence stands, in their order: JSON Pointers
            (RFC 6901).
        quotes: Where in this answer stands what others said that belongs to the sentence, likewise.
    """

    id: str
    text: str
    sources: Sequence[str]
    quotes: Sequence[str] = ()


class Section(Struct, frozen=True):
    """A section: `ordered` where its sentences are numbered."""

    title: str
    ordered: bool
    facts: Sequence[Fact]


class Sheet:
    """The numbers, to be quoted from."""

    def __init__(self, review: Numbers) -> None:
        self.review = review

    def fact(self, name: str, text: str, *sources: str, quotes: Sequence[str] = ()) -> Fact:
        """A sentence; each `{}` in `text` is filled with the value at the source in its place."""
        said = [each for each in quotes if value_at(self.review, each)]
        values = [_shown(value_at(self.review, each)) for each in sources]
        return Fact(name, text.format(*values), sources, said)

    def each(
        self,
        name: str,
        field: str,
        text: str,
        *keys: str,
        only: Callable[[Any], object] = lambda _: True,
        quotes: Sequence[str] = (),
    ) -> Iterator[Fact]:
        """A sentence for each item of a list that is chosen, as long as they are not too many."""
        chosen = [at for at, item in enumerate(getattr(self.review, field)) if only(item)]
        for at in chosen[:MOST]:
            place = f"/{field}/{at}"
            sources = [f"{place}/{key}" for key in keys]
            yield self.fact(f"{name}-{at}", text, *sources, quotes=[f"{place}/{key}" for key in quotes])

    def total(self, name: str, text: str, *keys: str) -> Iterator[Fact]:
        """A sentence about sums, where the first of them is not zero."""
        sources = [f"/totals/{key}" for key in keys]
        if value_at(self.review, sources[0]):
            yield self.fact(name, text, *sources)


def value_at(review: Numbers, pointer: str) -> Any:
    """The value in a review that a JSON Pointer leads to.

    Raises:
        AttributeError: It leads nowhere.
        IndexError: It leads behind the end of a list.
    """
    value: Any = review
    for part in pointer.split("/")[1:]:
        value = value[int(part)] if isinstance(value, list | tuple) else getattr(value, part)
    return value


def _shown(value: Any) -> str:
    """A value as it stands in a sentence: what is no number is a code span."""
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    return code_span(", ".join(value) if isinstance(value, list | tuple) else str(value))
