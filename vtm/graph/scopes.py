"""Which paths a task's `file_scope` covers: globs that are compared segment by segment."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from vtm.model.task import Task

ANY = "**"
"""A segment that stands for any number of segments."""


def covers(globs: Iterable[str], path: str) -> bool:
    """Whether one of `globs` matches `path`, or a folder that `path` lies in.

    `*` and `?` stay inside a segment, `[ab]` and `[!ab]` are sets, `**` is any number of segments; `src/a`
    also covers what lies below it, and nothing of `src/ab`. Paths are POSIX and relative to the root.
    """
    parts = segments(path)
    return any(_matches(segments(glob), parts) for glob in globs)


def touched(task: Task) -> Iterator[str]:
    """Globs of what work on a task may touch: its scope, and the tests that are to show it done."""
    yield from task.file_scope
    for test in task.test_verification or ():
        yield test.partition(" (")[0].partition("::")[0]


@lru_cache(maxsize=4096)
def segments(glob: str) -> tuple[str, ...]:
    """The segments of a glob or a path; `.` and empty ones do not count."""
    return tuple(each for each in glob.split("/") if each not in {"", "."})


def _matches(glob: tuple[str, ...], path: tuple[str, ...]) -> bool:
    """Whether `glob` matches a beginning of `path`; places in it are followed all at once."""
    places = _skipping(glob, {0})
    for part in path:
        if len(glob) in places:
            return True
        reached = {at if glob[at] == ANY else at + 1 for at in places if fits(glob[at], part)}
        places = _skipping(glob, reached)
    return len(glob) in places


def _skipping(glob: tuple[str, ...], places: set[int]) -> set[int]:
    """`places`, and those behind each `**` that stands for nothing."""
    found = set(places)
    for at in sorted(places):
        here = at
        while here < len(glob) and glob[here] == ANY:
            here += 1
            found.add(here)
    return found


def fits(pattern: str, part: str) -> bool:
    """Whether a segment of a path is what a segment of a glob stands for."""
    return pattern in {ANY, part} or bool(_compiled(pattern).fullmatch(part))


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    from fnmatch import translate  # noqa: PLC0415  1 ms, only where a scope has wildcards

    return re.compile(translate(pattern))
