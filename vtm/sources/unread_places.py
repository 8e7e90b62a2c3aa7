"""What a task file says in places that vtm reads nothing of."""

from collections.abc import Container, Iterator

from vtm.sources.front_matter_keys import KEYS, POSITION
from vtm.sources.markdown_text import Box, Parts, criteria_boxes, parts, section
from vtm.sources.task_from_entry import MANIFEST_ONLY
from vtm.sources.task_places import ORDER
from vtm.sources.yaml_error import YamlError
from vtm.sources.yaml_values import typed

OTHER_SECTIONS = "other_sections"
"""Stands for all text of a body that is no description, criterion or note."""


def unread(data: bytes, known: Container[str]) -> set[str]:
    """Names of what `data`, a task file, says and vtm does not read; keys in `known` are read elsewhere.

    What a conversion kept of an entry in front matter counts like front matter.
    """
    found = parts(data)
    if found is None:
        return set()
    try:
        front = typed(data[found.yaml : found.end].decode())
    except (YamlError, UnicodeDecodeError):
        front = {}
    kept = front.get(MANIFEST_ONLY)
    names = front.keys() - KEYS - {POSITION}
    if isinstance(kept, dict):
        names = (names - {MANIFEST_ONLY}) | {key for key in kept if key not in ORDER and key not in known}
    if any(text.strip() for text in _others(data, found, described="description" in front)):
        names |= {OTHER_SECTIONS}
    return names


def _others(data: bytes, found: Parts, *, described: bool) -> Iterator[bytes]:
    """The text of a body outside what is read of it; `described`: front matter has the description."""
    body, boxes = criteria_boxes(data, found.body)
    names = ("Acceptance Criteria", "Notes", *(() if described else ("Context",)))
    read = [each for name in names if (each := section(data, body, name))]
    leads = not described and section(data, body, "Context") is None
    until = data.rfind(b"\n", 0, body.boxes[0].at) + 1 if body.boxes else len(data)
    start = found.body
    for heading in body.headings:
        yield from _outside(data, max(start, until) if leads else start, heading.start, boxes, read)
        leads = leads and heading.level == 1 and not data[found.body : heading.start].strip()
        start = heading.content
    yield from _outside(data, max(start, until) if leads else start, len(data), boxes, read)


def _outside(
    data: bytes, start: int, end: int, boxes: list[Box], read: list[tuple[int, int]]
) -> Iterator[bytes]:
    """Lines of a section without those below it, as far as none of it is read."""
    if any(begin <= start < until for begin, until in read):
        return
    marks = [each.at for each in boxes if start <= each.at < end]
    at = start
    for line in data[start:end].splitlines(keepends=True):
        if not any(at <= mark < at + len(line) for mark in marks):
            yield line
        at += len(line)
