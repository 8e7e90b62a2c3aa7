"""Brings back into a worktree what was saved from it."""

import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import NamedTuple

from vtm.errors import ConflictError, ExternalError
from vtm.git.calling import Git
from vtm.git.places import remove_empty
from vtm.git.rescues import Rescue
from vtm.git.snapshot import ABSENT, Entry, differences, snapshot

_SHOWN = 3


class Restored(NamedTuple):
    """What was brought back.

    Attributes:
        paths: Files that were written or deleted, relative to the top level, sorted.
        there: How many more were as they were saved already.
        lacks: Whether what is checked out lacks commits on which the saved files build.
    """

    paths: tuple[str, ...]
    there: int
    lacks: bool


def restored(path: Path, rescue: Rescue, room: Path) -> Restored:
    """Bring back into the worktree at `path` what was saved; its index stays as it is.

    Raises:
        ConflictError: A file was changed since in another way; nothing was written.
        ExternalError: It cannot be written; what was written is undone.
    """
    with snapshot(path, room) as taken:
        git, base = taken.git, rescue.parents[0]
        wanted = differences(git, base, rescue.tree)
        newer = differences(git, base, taken.tree)
        left = {name: entry for name, entry in wanted.items() if newer.get(name) != entry}
        before = differences(git, rescue.tree, base)
        _refuse_newer({*_overlapping(left, newer), *_in_the_way(path, left, before)})
        with ExitStack() as undoing:
            undoing.callback(_undo, git, path, base, {name: before[name] for name in left})
            _write(git, path, rescue.tree, left)
            undoing.pop_all()
        lacks = git.asked("merge-base", "--is-ancestor", base, taken.head) is None
    return Restored(tuple(sorted(left)), len(wanted) - len(left), lacks)


def _refuse_newer(names: Collection[str]) -> None:
    if names:
        found = sorted(names)
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise ConflictError(
            f"{', '.join(found[:_SHOWN])}{more} was changed since in another way; nothing was brought back",
            code="NEWER-CHANGES",
            fix="commit or move away what is there, or compare it: `git show REF:PATH` prints what was saved",
        )


def _overlapping(left: Mapping[str, Entry], newer: Mapping[str, Entry]) -> Iterator[str]:
    """Paths of both, and files of one where the other has a folder."""
    kept = {name for name, entry in newer.items() if entry.mode != ABSENT}
    folders = {above for name in kept for above in _above(name)}
    for name, entry in left.items():
        if name in newer or (entry.mode != ABSENT and (name in folders or kept.intersection(_above(name)))):
            yield name


def _in_the_way(path: Path, left: Mapping[str, Entry], before: Mapping[str, Entry]) -> Iterator[str]:
    """Paths where there is something that git ignores, or that only seems to be a folder."""
    for name, entry in left.items():
        if entry.mode == ABSENT:
            continue
        fresh = before[name].mode == ABSENT and os.path.lexists(path / name)
        if fresh and not _makes_room(path, name, left):
            yield name
        for above in _above(name):
            at = path / above
            if os.path.lexists(at) and (at.is_symlink() or not at.is_dir()) and above not in left:
                yield name


def _makes_room(path: Path, name: str, left: Mapping[str, Entry]) -> bool:
    """Whether there is a folder of which nothing stays."""
    at = path / name
    if at.is_symlink() or not at.is_dir():
        return False
    files = (each for each in at.rglob("*") if each.is_symlink() or not each.is_dir())
    return all(
        (entry := left.get(each.relative_to(path).as_posix())) is not None and entry.mode == ABSENT
        for each in files
    )


def _above(name: str) -> list[str]:
    parts = name.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]


def _undo(git: Git, path: Path, tree: str, entries: Mapping[str, Entry]) -> None:
    with suppress(ExternalError, OSError):  # what has failed is told; what was saved is saved still
        _write(git, path, tree, entries)


def _write(git: Git, path: Path, tree: str, entries: Mapping[str, Entry]) -> None:
    """Let the files of `entries` be as they are in `tree`."""
    for name, entry in entries.items():
        if entry.mode == ABSENT:
            (path / name).unlink(missing_ok=True)
            remove_empty((path / name).parent, path)
    names = [name for name, entry in entries.items() if entry.mode != ABSENT]
    if names:
        git.raw("read-tree", tree)
        given = b"".join(os.fsencode(name) + b"\0" for name in names)
        git.raw("checkout-index", "--force", "-z", "--stdin", given=given)
