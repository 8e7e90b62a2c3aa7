"""Where a Markdown document can be cut: at headings, and between blocks; never inside a code block.

The body of a task file, where exactly what CommonMark calls a heading must count, is read in another way.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import PurePosixPath

from vtm.model.document import Document, Section, Span
from vtm.sources.document_code import outside_code

_MARKDOWN = {".md", ".markdown", ".mdown", ".mkd", ".mdx", ".txt", ""}
_HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]++(.*))?$")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-{2,})[ \t]*$")
_NO_PARAGRAPH = re.compile(r"\s*$| {4}|\t| {0,3}(?:[-*+>|]|#{1,6}[ \t]|[0-9]{1,9}[.)][ \t])")


def sections(document: Document) -> list[Section]:
    """The sections of a document, in order; together they are all of it.

    A file whose name is not one of Markdown or plain text is one piece, because nothing is known of its form.
    """
    lines = document.lines
    if PurePosixPath(document.path).suffix.lower() not in _MARKDOWN:
        return [Section(document.all, "", [document.all])]
    free = outside_code(lines)
    headings = dict(_headings(lines, free))
    starts = sorted({1, *headings})
    return [
        Section(Span(first, following - 1), headings.get(first, ""), _blocks(lines, free, first, following))
        for first, following in pairwise([*starts, len(lines) + 1])
    ]


def _headings(lines: Sequence[str], free: Sequence[bool]) -> Iterator[tuple[int, str]]:
    """The line at which each heading starts, and its text."""
    before = ""
    for number, line in enumerate(lines, 1):
        if not free[number - 1]:
            before = ""
            continue
        found = _HEADING.match(line)
        if found:
            yield number, (found[1] or "").rstrip("# \t")
        elif _UNDERLINE.match(line) and before and not _NO_PARAGRAPH.match(before):
            yield number - 1, before.strip()
        before = "" if found else line


def _blocks(lines: Sequence[str], free: Sequence[bool], first: int, following: int) -> list[Span]:
    """The paragraphs and code blocks of lines `first` to before `following`; blank lines stay behind them.

    What is indented belongs to what stands before it, as in lists and indented code.
    """
    starts = [first]
    starts += [
        number
        for number in range(first + 1, following)
        if not lines[number - 2].strip()
        and (free[number - 2] or free[number - 1])
        and lines[number - 1].strip()
        and not lines[number - 1][0].isspace()
    ]
    return [Span(start, end - 1) for start, end in pairwise([*starts, following])]
