"""The documents of a task, or what of them there is room for."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from vtm.model.document import Document, Span
from vtm.model.task import Task
from vtm.queries.relevance import Why


class Piece(Struct, frozen=True):
    """Lines of a document, as they stand there.

    Attributes:
        last_line: Included; lines count from 1.
        sha256: Of the whole file, in hex.
        why: Why it was chosen.
        text: Without a line end behind its last line.
    """

    path: str
    first_line: int
    last_line: int
    sha256: str
    why: Why
    text: str


class LeftOut(Struct, frozen=True):
    """What of a document is not in the answer.

    Attributes:
        path: The reference itself where that leads to no file.
        sha256: Of the whole file, in hex; empty where it was not read.
        size: Of the whole file, in bytes.
        reason: Why it is not all there.
        lines: First and last line of each part that is left out; empty: all of it, and it is not text.
        characters: How many there are in those lines.
        about: How many of them are in sections that name something of the task.
    """

    path: str
    sha256: str
    size: int
    reason: str
    lines: Sequence[tuple[int, int]] = ()
    characters: int = 0
    about: int = 0


class Context(Struct, frozen=True, tag_field="schema", tag="vtm.context/1"):
    """The documents that a task refers to; pieces and what is left out are together all of them.

    Attributes:
        budget: In tokens of 4 characters, for the whole answer in either form; null: there was none.
        tokens: What the larger of both forms takes.
        total: How many documents there are.
        returned: How many of them are here, wholly or in part.
        truncated: Whether anything is left out.
        pieces: In the order in which the task names the documents, and of each in the order of its lines.
    """

    task_id: str
    budget: int | None
    tokens: int
    total: int
    returned: int
    truncated: bool
    pieces: Sequence[Piece]
    left_out: Sequence[LeftOut]


class Chosen(Struct, frozen=True):
    """Lines of a document that are wanted.

    Attributes:
        document: Its position in the list of documents.
    """

    document: int
    span: Span
    why: Why


TOO_LARGE = "does not fit into the budget"


def context(
    task: Task,
    documents: Sequence[Document],
    chosen: Iterable[Chosen],
    budget: int | None,
    about: Sequence[Sequence[Span]],
) -> Context:
    """The answer that holds what was chosen; `about` has the sections of each document that name the task."""
    spans = merged(chosen)
    pieces = [piece(documents[each.document], each) for each in spans]
    left = [
        omitted
        for at, document in enumerate(documents)
        for omitted in _left_out(document, [each.span for each in spans if each.document == at], about[at])
    ]
    shown = len({each.document for each in spans})
    return Context(task.task_id, budget, 0, len(documents), shown, bool(left), pieces, left)


def piece(document: Document, chosen: Chosen) -> Piece:
    """The lines that were chosen."""
    first, last = chosen.span
    return Piece(document.path, first, last, document.sha256, chosen.why, document.text(chosen.span))


def merged(chosen: Iterable[Chosen]) -> list[Chosen]:
    """`chosen` in the order of documents and lines; neighbours are one, for the better of their reasons."""
    spans: list[Chosen] = []
    reasons = list(Why)
    for each in sorted(chosen, key=lambda one: (one.document, one.span)):
        before = spans[-1] if spans else None
        if before and before.document == each.document and before.span.last + 1 >= each.span.first:
            why = min(before.why, each.why, key=reasons.index)
            last = max(before.span.last, each.span.last)
            spans[-1] = Chosen(each.document, Span(before.span.first, last), why)
        else:
            spans.append(each)
    return spans


def _left_out(document: Document, spans: Sequence[Span], about: Sequence[Span]) -> Iterator[LeftOut]:
    if document.problem:
        yield LeftOut(document.path, document.sha256, document.size, document.problem)
        return
    gaps = list(_gaps(document.all, spans))
    if not gaps:
        return
    in_common = [
        Span(max(gap.first, span.first), min(gap.last, span.last))
        for gap in gaps
        for span in about
        if gap.first <= span.last and span.first <= gap.last
    ]
    yield LeftOut(
        document.path,
        document.sha256,
        document.size,
        TOO_LARGE,
        gaps,
        sum(len(document.text(gap)) for gap in gaps),
        sum(len(document.text(span)) for span in in_common),
    )


def _gaps(whole: Span, spans: Sequence[Span]) -> Iterator[Span]:
    at = whole.first
    for span in spans:
        if span.first > at:
            yield Span(at, span.first - 1)
        at = span.last + 1
    if at <= whole.last:
        yield Span(at, whole.last)
