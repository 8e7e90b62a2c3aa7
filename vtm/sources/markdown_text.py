"""The parts of a Markdown file: front matter, headings, check boxes. Nothing is parsed as YAML."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from vtm.sources.decoder import BOM

_OPENING = re.compile(rb"\s*---[ \t]*\r?\n")
_CLOSING = re.compile(rb"^---[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
_SPECIAL = re.compile(
    rb"^(?:[ ]{0,3}(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)"
    rb"|[ ]{0,3}(?P<level>#{1,6})[ \t]+(?P<heading>[^\n]*)"
    rb"|[ \t>]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]+\[(?P<mark>[ xX])\](?:[ \t]+(?P<text>[^\n]*))?(?=\r?$)"
    rb"|(?P<comment>[ ]{0,3}<!--))",
    re.MULTILINE,
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
    """A heading; `start` is where its line starts, `content` where the next line does."""

    title: str
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
    at = start
    while match := _SPECIAL.search(data, at):
        at = match.end()
        if match["fence"] is not None:
            at = _behind_fence(data, match)
        elif match["comment"] is not None:
            end = data.find(b"-->", at)
            at = len(data) if end < 0 else end + 3
        elif match["level"] is not None:
            title = match["heading"].decode("utf-8", "replace").strip().rstrip("#").rstrip()
            found.headings.append(Heading(title, len(match["level"]), match.start(), _next_line(data, at)))
        else:
            found.boxes.append(_box(match))
    return found


def section(data: bytes, body: Body, name: str) -> tuple[int, int] | None:
    """Where the content of the first section `name` starts and ends; subsections belong to it."""
    for index, each in enumerate(body.headings):
        if each.title.casefold().rstrip(":") == name.casefold():
            following = (later for later in body.headings[index + 1 :] if later.level <= each.level)
            end = next(following, None)
            return each.content, len(data) if end is None else end.start
    return None


def criteria_boxes(data: bytes, start: int) -> tuple[Body, list[Box]]:
    """The check boxes that are acceptance criteria: those of the section of that name, else all of the body.

    Boxes of `Notes` and `Definition of Done` never are.
    """
    body = body_of(data, start)
    own = section(data, body, "Acceptance Criteria")
    if own is not None:
        return body, [each for each in body.boxes if own[0] <= each.at < own[1]]
    others = [found for name in ("Notes", "Definition of Done") if (found := section(data, body, name))]
    return body, [each for each in body.boxes if not any(begin <= each.at < end for begin, end in others)]


def numbered(boxes: list[Box]) -> Iterator[str]:
    """The id of each box: its own, or one by position that no other box has."""
    taken = {each.id for each in boxes}
    for position, each in enumerate(boxes, 1):
        name, number = each.id, position
        while not name:
            name = f"AC{number:02}" if f"AC{number:02}" not in taken else ""
            number += 1
        taken.add(name)
        yield name


def _behind_fence(data: bytes, opening: re.Match[bytes]) -> int:
    """Where a fenced code block ends; one that is never closed reaches to the end.

    Source: CommonMark 0.31, 4.5.
    """
    fence = opening["fence"]
    if fence[:1] == b"`" and b"`" in opening["info"]:
        return opening.end()
    closing = re.compile(rb"^ {0,3}" + re.escape(fence) + fence[:1] + rb"*[ \t]*\r?$", re.MULTILINE)
    found = closing.search(data, opening.end())
    return found.end() if found else len(data)


def _next_line(data: bytes, at: int) -> int:
    return data.find(b"\n", at) + 1 or len(data)


def _box(match: re.Match[bytes]) -> Box:
    text = (match["text"] or b"").decode("utf-8", "replace").strip()
    own = _OWN_ID.match(text)
    ticked = match["mark"] != b" "
    if own is None:
        return Box(match.start("mark"), ticked, "", text)
    return Box(match.start("mark"), ticked, own["id"], text[own.end() :])
