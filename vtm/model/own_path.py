"""Paths of files that vtm alone writes."""

import posixpath
import re

from vtm.model.settings import Paths

_TEMPORARY = re.compile(r"\.(?P<name>.+)\.[a-z0-9_]{8}(?:\.tmp)?")


def is_own(path: str, folder: str, paths: Paths) -> bool:
    """Whether vtm alone writes a file, or is about to put it in the place of one that it writes.

    `path` and the `folder` of the project are relative to the same; empty or a dot: the project is there.
    """
    own, *files = (
        posixpath.normpath(posixpath.join(folder, each)) for each in (".vtm", paths.state, paths.journal)
    )
    meant = in_place_of(path)
    if meant in files or path.startswith(f"{own}/"):
        return True
    tasks = posixpath.normpath(posixpath.join(folder, paths.tasks))
    return meant != path and meant.startswith(f"{tasks}/") and meant.endswith(".md")


def in_place_of(path: str) -> str:
    """The path of the file that `path` is to replace; `path` itself where its name is no such one."""
    folder, name = posixpath.split(path)
    found = _TEMPORARY.fullmatch(name)
    return posixpath.join(folder, found["name"]) if found else path
