"""The sections of a Markdown body, some of them between markers as Backlog.md writes them."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from vtm.exchange.carried import Check

DESCRIPTION, CRITERIA, NOTES = "Description", "Acceptance Criteria", "Implementation Notes"
_MARKERS = {
    DESCRIPTION: "SECTION:DESCRIPTION",
    CRITERIA: "AC",
    "Definition of Done": "DOD",
    "Implementation Plan": "SECTION:PLAN",
    NOTES: "SECTION:NOTES",
    "Final Summary": "SECTION:FINAL_SUMMARY",
    "Comments": "COMMENTS",
}
_BEFORE_NOTES = {"", CRITERIA, "Definition of Done", "Implementation Plan"}
_MARKER = re.compile(r"<!--[ \t]*((?:SECTION:)?[A-Z_]+):(BEGIN|END)[ \t]*-->")
_BOX = re.compile(r"[-*] \[([ xX])\][ \t]+(?:#\d+[ \t]+)?(\S.*)")


class Section(NamedTuple):
    """A heading of the second level and what is below it; what comes before all headings has none."""

    heading: str
    text: str


class Body(NamedTuple):
    """What a body says of its task.

    Attributes:
        others: The sections that have no place, in their order; text among the criteria is one of them.
    """

    description: str
    checks: tuple[Check, ...]
    notes: str
    others: Sequence[Section]


def read_body(body: str) -> Body:
    """What is in a body; a heading that stands twice has a place the first time."""
    found: dict[str, str] = {}
    others: list[Section] = []
    checks: tuple[Check, ...] = ()
    for section in _sections(body):
        if section.heading == CRITERIA and CRITERIA not in found:
            checks, rest = _checks(section.text)
            found[CRITERIA] = rest
            if rest:
                others.append(Section(CRITERIA, rest))
        elif section.heading in {DESCRIPTION, NOTES} and section.heading not in found:
            found[section.heading] = section.text
        else:
            others.append(section)
    return Body(found.get(DESCRIPTION, ""), checks, found.get(NOTES, ""), others)


def _sections(body: str) -> Iterator[Section]:
    heading, lines, fence, marker = "", list[str](), "", ""
    for line in body.replace("\r\n", "\n").split("\n"):
        bare = line.strip()
        mark = _MARKER.fullmatch(bare)
        if bare.startswith(("```", "~~~")) and not marker:
            fence = "" if fence == bare[:3] else fence or bare[:3]
        if mark and not fence:
            begins = mark[2] == "BEGIN"
            marker = (marker or mark[1]) if begins else "" if mark[1] == marker else marker
            if _MARKERS.get(heading) == mark[1]:
                continue
        title = line[2:].strip().rstrip("#").rstrip() if line.startswith(("## ", "##\t")) else ""
        if title and not fence and not marker:
            yield from _section(heading, lines)
            heading, lines = title, []
        else:
            lines.append(line)
    yield from _section(heading, lines)


def _section(heading: str, lines: Sequence[str]) -> Iterator[Section]:
    text = "\n".join(lines).strip("\n").strip()
    if text:
        yield Section(heading, text)


def _checks(text: str) -> tuple[tuple[Check, ...], str]:
    """Criteria, and the lines that are none."""
    found: list[tuple[bool, list[str]]] = []
    rest: list[str] = []
    inside = False
    for line in text.split("\n"):
        box = _BOX.fullmatch(line)
        if box:
            found.append((box[1] in "xX", [box[2].rstrip()]))
        elif inside and line.startswith("  ") and line.strip():
            found[-1][1].append(line.strip())
        else:
            rest.append(line)
        inside = bool(box) or (inside and line.startswith("  "))
    return tuple(Check("\n".join(lines), met) for met, lines in found), "\n".join(rest).strip()


def write_body(body: Body) -> str:
    """A body as Backlog.md writes it; the sections that have no place keep their order."""
    others = list(body.others)
    at = next((at for at, each in enumerate(others) if each.heading not in _BEFORE_NOTES), len(others))
    written = [
        *(each for each in others if not each.heading),
        Section(DESCRIPTION, body.description),
        Section(CRITERIA, _boxes(body.checks)),
        *(each for each in others[:at] if each.heading),
        Section(NOTES, body.notes),
        *(each for each in others[at:] if each.heading),
    ]
    return "\n".join(_written(each) for each in written if each.text)


def _boxes(checks: Sequence[Check]) -> str:
    lines = (
        f"- [{'x' if each.met else ' '}] #{number} " + each.text.replace("\n", "\n  ")
        for number, each in enumerate(checks, 1)
    )
    return "\n".join(lines)


def _written(section: Section) -> str:
    marker = _MARKERS.get(section.heading)
    if not section.heading:
        return f"{section.text}\n"
    text = f"<!-- {marker}:BEGIN -->\n{section.text}\n<!-- {marker}:END -->" if marker else section.text
    gap = "" if marker in {"AC", "DOD"} else "\n"
    return f"## {section.heading}\n{gap}{text}\n"
