"""The difference of two texts, as `patch` and `git apply` take it."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

_AROUND = 3
_NO_END = "\\ No newline at end of file\n"


class _Change(NamedTuple):
    """Lines of the old text, from and up to, that became lines of the new one."""

    old: int
    old_end: int
    new: int
    new_end: int


def unified_diff(path: str, before: str, after: str) -> str:
    """A unified diff of the file `path`; empty where nothing changed.

    Lines end with LF only, so that CR stays part of its line. Texts of a quarter of a million lines take
    no longer than reading them: lines that stand once in both hold the rest together.
    """
    old, new = _lines(before), _lines(after)
    hunks = "".join(_hunk(old, new, each) for each in _grouped(list(_changes(old, new))))
    return f"--- a/{path}\n+++ b/{path}\n{hunks}" if hunks else ""


def _lines(text: str) -> list[str]:
    *whole, last = text.split("\n")
    return [f"{line}\n" for line in whole] + ([last] if last else [])


def _changes(old: Sequence[str], new: Sequence[str]) -> Iterator[_Change]:
    at_old, at_new = 0, 0
    for end_old, end_new in [*_anchors(old, new), (len(old), len(new))]:
        yield from _between(old, new, _Change(at_old, end_old, at_new, end_new))
        at_old, at_new = end_old, end_new


def _anchors(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Places of lines that stand once in either text, in the order of both."""
    ours, theirs = _once(old), _once(new)
    last = -1
    for line, at in ours.items():
        there = theirs.get(line, -1)
        if there > last:
            yield at, there
            last = there


def _once(lines: Sequence[str]) -> dict[str, int]:
    """Lines that stand only once, with their places."""
    found: dict[str, int] = {}
    for at, line in enumerate(lines):
        found[line] = -1 if line in found else at
    return {line: at for line, at in found.items() if at >= 0}


def _between(old: Sequence[str], new: Sequence[str], piece: _Change) -> Iterator[_Change]:
    ours, theirs = old[piece.old : piece.old_end], new[piece.new : piece.new_end]
    if ours == theirs:
        return
    for kind, *ends in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if kind != "equal":
            i1, i2, j1, j2 = ends
            yield _Change(piece.old + i1, piece.old + i2, piece.new + j1, piece.new + j2)


def _grouped(changes: Sequence[_Change]) -> Iterator[list[_Change]]:
    """Changes that are so near each other that they share a hunk."""
    group: list[_Change] = []
    for change in changes:
        if group and change.old - group[-1].old_end > 2 * _AROUND:
            yield group
            group = []
        group.append(change)
    if group:
        yield group


def _hunk(old: Sequence[str], new: Sequence[str], group: Sequence[_Change]) -> str:
    first, last = group[0], group[-1]
    lead = min(_AROUND, first.old)
    tail = min(_AROUND, len(old) - last.old_end)
    start, end = first.old - lead, last.old_end + tail
    lines, at = [], start
    for change in group:
        lines += [_shown(" ", line) for line in old[at : change.old]]
        lines += [_shown("-", line) for line in old[change.old : change.old_end]]
        lines += [_shown("+", line) for line in new[change.new : change.new_end]]
        at = change.old_end
    lines += [_shown(" ", line) for line in old[at:end]]
    ours = _range(start, end)
    theirs = _range(first.new - lead, last.new_end + tail)
    return f"@@ -{ours} +{theirs} @@\n{''.join(lines)}"


def _range(start: int, end: int) -> str:
    count = end - start
    return f"{start + 1 if count else start},{count}" if count != 1 else str(start + 1)


def _shown(sign: str, line: str) -> str:
    return f"{sign}{line}" if line.endswith("\n") else f"{sign}{line}\n{_NO_END}"
