"""Which files of a folder may be tasks, and what is known of each without opening it."""

import os
from collections.abc import Iterator
from errno import ELOOP
from pathlib import Path
from stat import S_ISDIR, S_ISLNK, S_ISREG
from typing import NamedTuple

from vtm.model.finding import Defect
from vtm.sources.files import unreadable

_ENDING = ".md"
Above = tuple[str, ...]
"""Real paths of the folders that something lies in, the outermost first."""


class Seen(NamedTuple):
    """What tells one state of a file from another."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int

    @classmethod
    def of(cls, status: os.stat_result) -> "Seen":
        """From what the system says."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


class Listed(NamedTuple):
    """The files of a folder.

    Attributes:
        files: Path, POSIX and relative to the root, to its state, in the order of the paths.
        defects: What stands where a file could, and cannot be read as one.
    """

    files: dict[str, Seen]
    defects: list[Defect]


def list_files(root: Path, folder: str) -> Listed:
    """All `*.md` in `folder`, which is relative to `root`, and below; hidden names are left out.

    Symbolic links are followed inside the root; one that leaves it, or leads back to a folder it lies in, is
    a defect, as is everything else that is called `*.md` and is no file. A folder that several links lead to
    is entered once, by its own name where it has one here: links across would make no end of ways to it.
    """
    walk = _Walk(root)
    try:
        if S_ISDIR(os.stat(root / folder).st_mode):  # noqa: PTH116  pathlib passes over a link to nothing
            walk.enter(root / folder, folder.rstrip("/") + "/")
    except OSError as error:
        if os.path.lexists(root / folder):
            walk.refuse(folder.rstrip("/"), _because(error))
    return Listed(dict(sorted(walk.files.items())), walk.defects)


class _Folder(NamedTuple):
    """A folder that is to be entered; the last of `above` is its own real path."""

    prefix: str
    path: str
    above: Above


class _Walk:
    def __init__(self, root: Path) -> None:
        self.files: dict[str, Seen] = {}
        self.defects: list[Defect] = []
        self._real = os.path.realpath(root)
        self._entered: set[str] = set()
        self._links: list[_Folder] = []

    def enter(self, folder: Path, prefix: str) -> None:
        """Take in `folder`, called `prefix`, and what is below."""
        real = os.path.realpath(folder)
        if not self._is_inside(real):
            self.refuse(prefix.rstrip("/"), "is a symbolic link that leaves the project")
            return
        waiting = [_Folder(prefix, os.fspath(folder), (real,))]
        while waiting or self._links:
            if not waiting:
                self._links.sort(reverse=True)
                waiting.append(self._links.pop())
            prefix, path, above = waiting.pop()
            if above[-1] in self._entered:
                continue
            self._entered.add(above[-1])
            try:
                with os.scandir(path) as entries:
                    for entry in entries:
                        if entry.name[0] != "." and not self._is_kept(entry, prefix):
                            waiting += self._take(entry, prefix, above)
            except OSError as error:
                self.refuse(prefix.rstrip("/"), _because(error))

    def _is_kept(self, entry: os.DirEntry[str], prefix: str) -> bool:
        """Keep a file as nearly all are: regular, and called `*.md`."""
        if not entry.name.endswith(_ENDING) or not entry.is_file(follow_symlinks=False):
            return False
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError:  # it is gone, or cannot be looked at: whoever takes a closer look says so
            return False
        self._keep(prefix + entry.name, status)
        return True

    def _take(self, entry: os.DirEntry[str], prefix: str, above: Above) -> Iterator["_Folder"]:
        """Keep or refuse what stands in a folder; yields it where it is a folder to enter at once."""
        named = entry.name.endswith(_ENDING)
        try:
            mode = entry.stat(follow_symlinks=False).st_mode
            if S_ISREG(mode):
                if named:
                    self._keep(prefix + entry.name, entry.stat(follow_symlinks=False))
            elif S_ISLNK(mode):
                if named or entry.is_dir():
                    self._follow(entry, prefix, above)
            elif S_ISDIR(mode):
                if named:
                    self.refuse(prefix + entry.name, "is a directory")
                yield _Folder(f"{prefix}{entry.name}/", entry.path, (*above, f"{above[-1]}/{entry.name}"))
            elif named:
                self.refuse(prefix + entry.name, "is not a regular file")
        except OSError as error:
            if named or error.errno == ELOOP:
                self.refuse(prefix + entry.name, _because(error))

    def _follow(self, entry: os.DirEntry[str], prefix: str, above: Above) -> None:
        status = entry.stat()
        name, real = prefix + entry.name, os.path.realpath(entry.path)
        if not self._is_inside(real):
            self.refuse(name, "is a symbolic link that leaves the project")
        elif S_ISREG(status.st_mode):
            self._keep(name, status)
        elif not S_ISDIR(status.st_mode):
            self.refuse(name, "is not a regular file")
        elif any(f"{each}/".startswith(f"{real}/") for each in above):
            self.refuse(name, "is a symbolic link to a folder that it lies in")
        else:
            self._links.append(_Folder(f"{name}/", entry.path, (*above, real)))

    def _keep(self, name: str, status: os.stat_result) -> None:
        if name.isascii() or _is_text(name):
            self.files[name] = Seen.of(status)
        else:
            self.refuse(name, "has a name that is not UTF-8")

    def refuse(self, name: str, problem: str) -> None:
        """Report what stands at `name`."""
        shown = os.fsencode(name).decode("utf-8", "backslashreplace")
        self.defects.append(unreadable(shown, problem, "put a file in its place, or give it another name"))

    def _is_inside(self, real: str) -> bool:
        return real == self._real or real.startswith(self._real.rstrip("/") + "/")


def _because(error: OSError) -> str:
    return f"cannot be read: {(error.strerror or 'failed').lower()}"


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
