"""The parts of documents that name something of a task, the ones to be preferred first."""

import re
from collections.abc import Iterator, Sequence
from math import inf
from typing import NamedTuple

from vtm.model.document import Document, Section, Span
from vtm.queries.context import Chosen
from vtm.queries.relevance import Relevance, Why

_NO_ANCHOR = re.compile(r"[^\w\- ]")


class Part(NamedTuple):
    """A section, or a block of one.

    Attributes:
        weight: How much it has in common with the task, beside the reason for which it is chosen.
        blocks: Where it can be cut.
    """

    chosen: Chosen
    weight: float
    blocks: Sequence[Span]


def parts_of(
    relevance: Relevance, documents: Sequence[Document], cuts: Sequence[Sequence[Section]]
) -> list[Part]:
    """Those of all sections; `cuts` has the sections of each document."""
    return rated(relevance, documents, [(at, each) for at, sections in enumerate(cuts) for each in sections])


def rated(
    relevance: Relevance, documents: Sequence[Document], sections: Sequence[tuple[int, Section]]
) -> list[Part]:
    """Those of sections, each with the position of its document."""
    order = list(Why)
    found = _named(relevance, documents, sections)
    return sorted(found, key=lambda each: (order.index(each.chosen.why), -each.weight))


def _named(
    relevance: Relevance, documents: Sequence[Document], sections: Sequence[tuple[int, Section]]
) -> Iterator[Part]:
    texts = [documents[at].text(section.span) for at, section in sections]
    for (at, section), text, weight in zip(sections, texts, relevance.weights(texts), strict=True):
        if _anchor(section.heading) in documents[at].anchors:  # a reference names it behind its path
            yield Part(Chosen(at, section.span, Why.TASK), inf, section.blocks)
        elif why := relevance.of(text):
            yield Part(Chosen(at, section.span, why), weight, section.blocks)


def _anchor(heading: str) -> str:
    """What a heading is called in an address.

    Source: the anchors that GitHub gives to headings.
    """
    return _NO_ANCHOR.sub("", heading.casefold()).replace(" ", "-")
