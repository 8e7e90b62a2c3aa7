"""Finds JSON objects in text that is not JSON, in time that grows with the text and no faster."""

import re
from collections.abc import Callable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

LARGEST = 1_000_000
"""Bytes of an object that is looked at."""

T = TypeVar("T")
_MARKS = re.compile(rb'\\[\\"]|["\n]|\{(?=\s*")|\{+(?!\s*")|\}+')
_NONE = -1
_PROMISING = re.compile(rb'\{\s*"')
_OFFSET = re.compile(r" \(byte ([0-9]+)\)")
_WHERE = re.compile(r" - at `\$\[\.\.\.\]`$")
_PATIENCE = 16
"""How often all of the text may be read over again, in attempts that lead to nothing."""
_EFFORT = 200
"""What an attempt costs at least, in bytes."""
_NAMED = 20


class Candidate(NamedTuple):
    """An object that is not what was looked for.

    Attributes:
        line: Where it starts, from 1.
        problem: What is wrong with it, to complete a sentence about it.
    """

    line: int
    problem: str


class Search(NamedTuple, Generic[T]):
    """What came of looking for an object.

    Attributes:
        found: None: there is none.
        data: The bytes of it.
        passed: Candidates behind it, or all that there are, in the order of the text; of very many the last.
        more: How many candidates are not in `passed`.
    """

    found: T | None
    data: bytes
    passed: list[Candidate]
    more: int


class _Problem(NamedTuple):
    """Why an object is not what was looked for; `at` is where it stops being JSON, -1 where it is JSON."""

    text: str
    at: int = -1


def last_object(data: bytes, fits: Callable[[dict[str, Any]], T | str], mark: bytes) -> Search[T]:
    """The last object in `data`, which is UTF-8, that `fits` takes; else `fits` says what is wrong with it.

    The last is the one that ends last, so that of two that fit, one inside the other, it is the outer one.
    One that is too large and has `mark` in it ends the search: it may be the one that was meant.
    """
    closed, unclosed = _extents(data)
    passed = [(start, _Problem("is never closed")) for start in unclosed]
    patience = LARGEST + _PATIENCE * len(data)
    inside = len(data)
    for start, end in sorted(closed, key=lambda extent: (-extent[1], extent[0])):
        outcome = _read(memoryview(data)[start:end], fits)
        if not isinstance(outcome, _Problem):
            later = [each for each in passed if each[0] > start]
            return Search(outcome, data[start:end], *_named(data, later))
        if start < inside:
            passed.append((start, outcome))
        if outcome.at < 0:
            inside = min(inside, start)
        patience -= max(_EFFORT, end - start if outcome.at < 0 else outcome.at)
        if patience < 0 or (end - start > LARGEST and data.find(mark, start, end) >= 0):
            break
    return Search(None, b"", *_named(data, passed))


def _extents(data: bytes) -> tuple[list[tuple[int, int]], list[int]]:
    """Where objects start and end, and where some start that are never closed.

    An object that is looked for starts with a key. Whether a brace is inside a string depends on where one
    starts to read. No string of JSON goes over the end of a line, so that for each line there are two ways:
    its start is outside strings, as it is for an object that was opened on a line before, or inside one, for
    which text in front of an object may be the reason.
    """
    closed: list[tuple[int, int]] = []
    lost: list[int] = []
    outside: list[int] = []
    inside: list[int] = []
    quoted = False
    for found in _MARKS.finditer(data):
        mark, at = found[0], found.start()
        stack = inside if quoted else outside
        if mark == b'"':
            quoted = not quoted
        elif mark[:1] == b"{":
            stack += [at if _PROMISING.match(data, at) else _NONE] * len(mark)
        elif mark[:1] == b"}":
            starts = stack[: -len(mark) - 1 : -1]
            del stack[-len(mark) :]
            closed += [(start, at + nth) for nth, start in enumerate(starts, 1) if start != _NONE]
        elif mark == b"\n":
            if quoted:
                lost += outside
                outside = inside
            inside, quoted = [], False
    return closed, [start for start in lost + outside if start != _NONE]


def _read(piece: memoryview, fits: Callable[[dict[str, Any]], T | str]) -> T | _Problem:
    if len(piece) > LARGEST:
        return _Problem(f"is larger than {LARGEST // 1_000_000} MB")
    try:
        outcome = fits(msgspec.json.decode(piece))
    except RecursionError:
        return _Problem("is nested too deeply")
    except msgspec.DecodeError as error:
        said = str(error)
        offset = _OFFSET.search(said)
        reason = _WHERE.sub("", _OFFSET.sub("", said.removeprefix("JSON is malformed: "))).lower()
        return _Problem(f"is not JSON: {reason}", int(offset[1]) if offset else len(piece))
    return _Problem(outcome) if isinstance(outcome, str) else outcome


def _named(data: bytes, passed: Sequence[tuple[int, _Problem]]) -> tuple[list[Candidate], int]:
    """The last of them, in the order of the text, and how many more there are."""
    shown = []
    for start, problem in sorted(passed)[-_NAMED:]:
        where = f" on line {_line(data, start + problem.at)}" if problem.at >= 0 else ""
        shown.append(Candidate(_line(data, start), f"{problem.text}{where}"))
    return shown, len(passed) - len(shown)


def _line(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, at) + 1
