"""Whether the globs of two file scopes can cover the same path."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from vtm.graph.scopes import ANY, fits, segments

_STAR, _ONE = "*", "?"
_WILD = re.compile(r"[*?\[\]]")
_FILE = re.compile(r"[^./]\.[a-z][a-z0-9]{1,3}\Z")
_NO_NAME = "\0/"
"""Characters that no name of a file has."""

Share = Callable[[str, str], bool]


def overlaps(globs: Iterable[str], others: Iterable[str]) -> bool:
    """Whether there is a path that both scopes cover, in the sense of `scopes.covers`.

    Exact for names of any length, `..` being a name like any other, with one thing taken for granted: what
    ends like the name of a file, as `x.py` and `*.py` do, is no folder unless a glob names it as one.
    Otherwise `src/**/*.py` and `src/**/*.md` would share `src/a.md/b.py`. Time is the product of the numbers
    of globs, and for two globs about the product of their lengths.
    """
    rest = tuple(others)
    return any(globs_overlap(glob, other) for glob in globs for other in rest)


@lru_cache(maxsize=8192)
def globs_overlap(glob: str, other: str) -> bool:
    """Whether there is a path that both globs cover."""
    one, two = segments(glob), segments(other)
    one, two = (*one, *_below(one, two)), (*two, *_below(two, one))
    for at, (mine, theirs) in enumerate(zip(one, two, strict=False)):
        if ANY in {mine, theirs}:
            # with `**` at both ends, what fits the one rest and then what fits the other fits both
            return one[-1] == two[-1] == ANY or _meet(one[at:], two[at:], ANY, _names_meet)
        if mine != theirs and not _names_meet(mine, theirs):
            return False
    return len(one) == len(two) or {*one[len(two) :], *two[len(one) :]} == {ANY}


def _below(glob: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    """The segment for what lies below a glob; none where that is files, unless `other` has folders there."""
    if glob and _is_file(glob[-1]):
        named = any(_is_file(each) and _names_meet(glob[-1], each) for each in other[:-1])
        return (ANY,) if named else ()
    return (ANY,)


@lru_cache(maxsize=8192)
def _is_file(segment: str) -> bool:
    """Whether all names that fit a segment end as files do: in a point and two to four small letters."""
    return bool(_FILE.search(segment))


def has_wildcard(segment: str) -> bool:
    """Whether a segment of a glob can stand for more than one name."""
    return "*" in segment or "?" in segment or "[" in segment


def _meet(one: Sequence[str], two: Sequence[str], many: str, share: Share) -> bool:
    """Whether some sequence fits both patterns, in which `many` stands for any number of things.

    The pairs of places that can be reached together are followed place by place of `one`; those in `two` are
    the bits of a number. `share` tells whether one thing can be what both parts say.

    Source: the product of two finite automata, J. E. Hopcroft, J. D. Ullman, "Introduction to Automata
    Theory, Languages, and Computation" (1979), section 3.2.
    """
    one, two = _squeezed(one, many), _squeezed(two, many)
    if not all(share(each, each) for each in {*one, *two} - {many}):
        return False
    loose = sum(1 << at for at, each in enumerate(two) if each == many)
    fitting = {
        part: sum(1 << at for at, each in enumerate(two) if each != many and share(part, each))
        for part in {*one} - {many}
    }
    end = 1 << len(two)
    places = _past(1, loose)
    for part in one:
        if part == many:
            places = _from_lowest(places, end)
        else:
            places = _past((places & fitting[part]) << 1 | places & loose, loose)
        if not places:
            return False
    return bool(places & end)


def _past(places: int, loose: int) -> int:
    """`places`, and those behind each part that stands for nothing."""
    return places | (places & loose) << 1


def _from_lowest(places: int, end: int) -> int:
    """Every place from the first of `places` up to `end`."""
    lowest = places & -places
    return (end << 1) - lowest


def _squeezed(pattern: Sequence[str], many: str) -> list[str]:
    """`pattern` with `many` only once where it is repeated."""
    return [each for at, each in enumerate(pattern) if not (each == many and at and pattern[at - 1] == many)]


@lru_cache(maxsize=8192)
def _names_meet(one: str, two: str) -> bool:
    """Whether a name fits both segments; `.` is no name, and a segment always fits itself."""
    (head, tail), (other_head, other_tail) = _ends(one), _ends(two)
    if not (_agree(head, other_head) and _agree(tail, other_tail)):
        return False
    if fits(one, two) or fits(two, one):
        return True
    if not has_wildcard(one) or not has_wildcard(two):
        return False
    mine, theirs = _characters(one), _characters(two)
    for short, long in ((mine, theirs), (theirs, mine)):
        if len(short) == 1 and short != (_STAR,):
            fixed = [each for each in long if each != _STAR] or [_ONE]
            return len(fixed) == 1 and _letters_meet(short[0], fixed[0], f"{_NO_NAME}.")
    return _meet(mine, theirs, _STAR, _letters_meet)


@lru_cache(maxsize=8192)
def _ends(segment: str) -> tuple[str, str]:
    """What every name begins with that fits a segment, and what it ends with, read backwards."""
    parts = _WILD.split(segment)
    return parts[0], parts[-1][::-1]


def _agree(one: str, two: str) -> bool:
    return one.startswith(two) or two.startswith(one)


@lru_cache(maxsize=4096)
def _characters(segment: str) -> tuple[str, ...]:
    """The parts of a segment that stand for one character each, and its stars; sets are kept whole."""
    found, at = [], 0
    while at < len(segment):
        end = at + 1
        if segment[at] == "[":
            first = at + 2 if segment[at + 1 : at + 2] == "!" else at + 1
            closing = segment.find("]", first + 1)
            end = closing + 1 if closing > 0 else end
        found.append(segment[at:end])
        at = end
    return tuple(found)


@lru_cache(maxsize=8192)
def _letters_meet(one: str, two: str, without: str = _NO_NAME) -> bool:
    """Whether a character fits both parts.

    Sets are unions of ranges and their complements: if they have a character in common, one of those that
    they name, or the one behind it, or one behind those that are no part of a name, is among them.
    """
    if len(one) == len(two) == 1 and _ONE not in {one, two}:
        return one == two and one not in without
    named = {*one, *two}
    behind = {chr(ord(each) + 1) for each in named if ord(each) < 0x10FFFF}
    candidates = ({"\x01", "0"} | named | behind) - set(without)
    return any(fits(one, each) and fits(two, each) for each in candidates)
