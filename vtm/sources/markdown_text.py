"""The parts of a Markdown file: front matter, headings, check boxes. Nothing is parsed as YAML."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from vtm.sources.decoder import BOM

_OPENING = re.compile(rb"\s*---[ \t]*\r?\n")
_CLOSING = re.compile(rb"^---[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
_STARTS = {each: each in b"#`~<-*+=0123456789" for each in range(256)}
_SPECIAL = re.compile(
    rb" {0,3}(?P<fence>`{3,}|~{3,})(?P<info>.*)"
    rb"| {0,3}(?P<level>#{1,6})[ \t]+(?P<heading>.*)"
    rb"|[ \t>]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]+\[(?P<mark>[ xX])\](?:[ \t]+(?P<text>.*))?\r?\Z"
    rb"|(?P<comment> {0,3}<!--)"
    rb"|(?P<underline> {0,3}(?:={2,}|-{2,})[ \t]*\r?\Z)",
)
_OWN_ID = re.compile(
    r"(?:\*\*|__|`)?(?P<id>(?:[^\W_][\w.]*-+)*AC[-_]?[0-9]{1,9}[a-z]?)(?:\*\*|__|`)?(?:[:.)](?:\*\*|__)?)?"
    r"(?:\s+(?:[-\u2013\u2014:]\s+)?|$)"
)


class Parts(NamedTuple):
    """Where the parts of a file with front matter are, as byte offsets.

    Attributes:
        yaml: Start of the text between the two lines of dashes.
        end: End of that text, its last line end included.
        body: Start of what follows the closing line.
    """

    yaml: int
    end: int
    body: int


class Heading(NamedTuple):
    """A heading; `start` is where its line starts, `content` where the next line does.

    Attributes:
        key: Its text as sections are compared by.
    """

    key: str
    level: int
    start: int
    content: int


class Box(NamedTuple):
    """A check box.

    Attributes:
        at: Where its mark is, the byte between the brackets.
        ticked: Whether it is ticked.
        id: The id that its text starts with; empty: none.
        text: What follows it on its line.
    """

    at: int
    ticked: bool
    id: str
    text: str


class Body(NamedTuple):
    """Headings and check boxes of a body, in the order of the file, code blocks and comments left out."""

    headings: list[Heading]
    boxes: list[Box]


def parts(data: bytes) -> Parts | None:
    """Where front matter and body are; None where there is no front matter.

    Front matter is opened by the first line that is not blank and closed by another one, both of exactly
    three dashes; white space may surround them.

    Source: the cases of the two tools for `tasks/*.md` that vtm reads the files of.
    """
    opening = _OPENING.match(data, len(BOM) if data.startswith(BOM) else 0)
    if opening is None:
        return None
    closing = _CLOSING.search(data, opening.end())
    return Parts(opening.end(), closing.start(), closing.end()) if closing else None


def body_of(data: bytes, start: int) -> Body:
    """Headings and check boxes from `start` on."""
    found = Body([], [])
    following = start
    lines = data[start:].split(b"\n")
    for index, line in enumerate(lines):
        at, following = following, following + len(line) + 1
        plain = line.lstrip(b" \t>")
        if not plain or not _STARTS[plain[0]] or at < start:
            continue
        match = _SPECIAL.match(line)
        if match is None:
            continue
        kind = match.lastgroup
        if kind == "heading":
            found.headings.append(_heading(match, at, following))
        elif kind == "info":
            start = _behind_fence(data, match, following)
        elif kind == "comment":
            end = data.find(b"-->", at)
            start = len(data) if end < 0 else end + 3
        elif kind == "underline":
            found.headings.extend(_underlined(lines[index - 1] if index else b"", line, at, following))
        else:
            found.boxes.append(_box(match, at))
    return found


def section(data: bytes, body: Body, name: str) -> tuple[int, int] | None:
    """Where the content of the first section `name` starts and ends; subsections belong to it."""
    key = name.casefold()
    for index, each in enumerate(body.headings):
        if each.key == key:
            following = (later for later in body.headings[index + 1 :] if later.level <= each.level)
            end = next(following, None)
            return each.content, len(data) if end is None else end.start
    return None


def criteria_boxes(data: bytes, start: int) -> tuple[Body, list[Box]]:
    """The check boxes that are acceptance criteria: those of the section of that name, else all of the body.

    Boxes of `Notes` and `Definition of Done` never are.
    """
    body = body_of(data, start)
    first, last = section(data, body, "Acceptance Criteria") or (start, len(data))
    others = [found for name in ("Notes", "Definition of Done") if (found := section(data, body, name))]
    return body, [
        each
        for each in body.boxes
        if first <= each.at < last and not any(first <= begin <= each.at < end for begin, end in others)
    ]


def numbered(boxes: list[Box]) -> Iterator[str]:
    """The id of each box: its own, or one by position that no other box has."""
    taken = {each.id for each in boxes}
    free = 1
    for position, each in enumerate(boxes, 1):
        if each.id:
            yield each.id
            continue
        free = max(free, position)
        while f"AC{free:02}" in taken:
            free += 1
        yield f"AC{free:02}"
        free += 1


def _behind_fence(data: bytes, opening: re.Match[bytes], at: int) -> int:
    """Where a fenced code block whose content starts at `at` ends; one that is never closed ends the file.

    Source: CommonMark 0.31, 4.5.
    """
    fence = opening["fence"]
    if fence[:1] == b"`" and b"`" in opening["info"]:
        return at
    closing = re.compile(rb"^ {0,3}" + re.escape(fence) + fence[:1] + rb"*[ \t]*\r?$", re.MULTILINE)
    found = closing.search(data, at)
    return found.end() if found else len(data)


def _heading(match: re.Match[bytes], at: int, following: int) -> Heading:
    text = match["heading"].decode("utf-8", "replace")
    return Heading(text.casefold().strip(" \t\r#:"), len(match["level"]), at, following)


def _underlined(text: bytes, line: bytes, at: int, following: int) -> Iterator[Heading]:
    """The heading that `line` makes of the line before it, if that is a paragraph.

    Source: CommonMark 0.31, 4.3.
    """
    plain = text.lstrip(b" ")
    if plain.strip() and not _STARTS[plain[0]] and plain[:1] not in b">|" and len(text) - len(plain) < 4:
        level = 1 if line.lstrip()[:1] == b"=" else 2
        key = text.decode("utf-8", "replace").casefold().strip(" \t\r:")
        yield Heading(key, level, at - len(text) - 1, following)


def _box(match: re.Match[bytes], at: int) -> Box:
    text = (match["text"] or b"").decode("utf-8", "replace").strip()
    own = _OWN_ID.match(text)
    mark = match.start("mark")
    ticked = match.string[mark : mark + 1] != b" "
    if own is None:
        return Box(at + mark, ticked, "", text)
    return Box(at + mark, ticked, own["id"], text[own.end() :])
