"""Sections of a prompt: what may be left out of one that must be shorter, and what may not."""

from collections.abc import Sequence
from typing import NamedTuple

_START, _END = "\x1d", "\x1e"
"""No text that comes from outside holds either: control characters are escaped before."""
CHARACTERS = 4
"""How many characters a token is counted as."""


class Section(NamedTuple):
    """A part of a prompt.

    Attributes:
        drop: 0: it is never left out; otherwise what has a larger number goes first.
    """

    title: str
    drop: int
    text: str


def section(title: str, drop: int = 0) -> str:
    """The heading of a section in a template; with `drop`, the section may be left out."""
    return f"{_START}{drop}{_END}{title}{_END}## {title}"


def sections(written: str) -> list[Section]:
    """What a template wrote, section by section; what stands before the first heading is one."""
    first, *rest = written.split(_START)
    found = [Section("", 0, first.strip("\n"))]
    for part in rest:
        drop, _, more = part.partition(_END)
        title, _, text = more.partition(_END)
        found.append(Section(title, int(drop) if drop.isdigit() else 0, text.strip("\n")))
    return [each for each in found if each.text]


def joined(parts: Sequence[Section]) -> str:
    """The text of a prompt."""
    return "\n\n".join(each.text for each in parts)


def tokens(text: str) -> int:
    """What `text` counts as."""
    return -(-len(text) // CHARACTERS)


def within(parts: Sequence[Section], budget: int) -> tuple[str, list[str]]:
    """The text of as many sections as `budget` tokens allow, and the titles of those left out.

    Which are left out is said at the end. Where even the least is too much, it is given.
    """
    kept, left_out = list(parts), list[Section]()
    text = joined(kept)
    while tokens(text) > budget:
        loose = [each for each in kept if each.drop]
        if not loose:
            break
        worst = max(reversed(loose), key=lambda each: each.drop)
        kept.remove(worst)
        left_out.insert(0, worst)
        text = joined([*kept, Section("", 0, _note(left_out))])
    return text, [each.title for each in left_out]


def _note(left_out: Sequence[Section]) -> str:
    what = ", ".join(f"{each.title} (about {tokens(each.text)} tokens)" for each in left_out)
    return f"Left out for want of room: {what}. `vtm show` tells what they would have said."
