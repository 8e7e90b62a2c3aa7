"""What references in tasks lead to; nothing outside the root is ever looked at."""

import os
import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from stat import S_ISDIR, S_ISLNK, S_ISREG

from vtm.model.facts import Resolved

_ADR = re.compile(r"ADR-([0-9]{1,18})(?=[:#\s]|$)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_ABSOLUTE = re.compile(r"[A-Za-z]:|[\\/~]")
_LONGEST = 4096
_LEAVES = "leaves the repository"
_LEAVES_BY_LINK = "leaves the repository by a symbolic link"


class References:
    """Resolves what stands in `related_specs`, `related_adrs`, `related_guides` and `test_verification`.

    Attributes:
        root: The folder that paths are relative to and that they must not leave.
        adr: Globs with `{number}` in them that turn an ADR's number into its file; `*` stays in one folder.
    """

    def __init__(self, root: Path, adr: tuple[str, ...]) -> None:
        self.root = root
        self.adr = adr
        self._real_root = root.resolve()
        self._inside = cache(self._is_inside)
        self._names = cache(_names)

    def document(self, reference: str) -> Resolved:
        """A document: a path, perhaps with `#section`; `ADR-0002`; or `ADR-0002: Title`."""
        number = _ADR.match(reference.strip())
        if number:
            return self._numbered(number[1])
        whole = reference.strip()
        return self._first((whole, whole.partition("#")[0].strip()), folders=False)

    def test(self, reference: str) -> Resolved:
        """A test file or folder: a path, perhaps with `::name` and a note in parentheses behind it."""
        whole = reference.strip()
        path = _without_note(whole) if len(whole) <= _LONGEST else whole
        return self._first((whole, whole.partition("::")[0], path.partition("::")[0]), folders=True)

    def _first(self, readings: Sequence[str], *, folders: bool) -> Resolved:
        """The first of several ways to read a reference that leads to something, else the last."""
        found = Resolved()
        for path in dict.fromkeys(readings):
            found = self._path(path, folders=folders)
            if not found.problem:
                break
        return found

    def _numbered(self, number: str) -> Resolved:
        for text in dict.fromkeys((number, number.lstrip("0").rjust(4, "0"))):
            for glob in self.adr:
                for match in self._matches(glob.replace("{number}", text)):
                    return self._path(match, folders=False)
        looked = " or ".join(glob.replace("{number}", number) for glob in self.adr)
        return Resolved(problem=f"does not exist (looked for {looked})")

    def _matches(self, glob: str) -> Iterator[str]:
        """Paths that a glob matches, folder by folder, none of them outside the root."""
        found = [""]
        parts = [part for part in glob.split("/") if part not in {"", "."}]
        if ".." in parts or _unusable(glob):
            return
        for part in parts:
            found = [
                f"{folder}{name}/"
                for folder in found
                if self._inside(self.root / folder)
                for name in self._names(self.root / folder)
                if fnmatchcase(name, part)
            ]
        yield from (each.rstrip("/") for each in found)

    def _is_inside(self, path: Path) -> bool:
        """Whether `path`, its symbolic links followed, is the root or below it."""
        real = os.path.realpath(path)  # other than `Path.resolve` it does not ask for what is at the end
        return Path(real).is_relative_to(self._real_root)

    def _path(self, path: str, *, folders: bool) -> Resolved:
        problem = _unusable(path)
        if problem:
            return Resolved(problem=problem)
        kept: list[str] = []
        for part in path.split("/"):
            if part == ".." and not kept:
                return Resolved(problem=_LEAVES)
            if part == "..":
                kept.pop()
            elif part not in {"", "."}:
                kept.append(part)
        if not kept:
            return Resolved(problem="" if folders else "is a directory")
        return Resolved("/".join(kept), self._problem(self.root.joinpath(*kept), folders=folders))

    def _problem(self, file: Path, *, folders: bool) -> str:
        """Why `file` cannot be used; empty: it can."""
        if not self._inside(file.parent):
            return _LEAVES_BY_LINK
        try:
            mode = file.lstat().st_mode
            if S_ISLNK(mode):
                if not self._inside(file):
                    return _LEAVES_BY_LINK
                mode = file.stat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            return "does not exist"
        except OSError as error:
            return f"cannot be read: {(error.strerror or 'failed').lower()}"
        if S_ISDIR(mode):
            return "" if folders else "is a directory"
        if not S_ISREG(mode):
            return "is not a regular file"
        return "" if os.access(file, os.R_OK) else "cannot be read: permission denied"


def _without_note(reference: str) -> str:
    """`tests/a.py (unit (fast))` without the parentheses at its end; there must be a space before them."""
    if not reference.endswith(")"):
        return reference
    depth = 0
    for at in range(len(reference) - 1, 0, -1):
        depth += {")": 1, "(": -1}.get(reference[at], 0)
        if not depth:
            return reference[:at].rstrip() if reference[at - 1].isspace() else reference
    return reference


def _unusable(path: str) -> str:
    """Why `path` cannot lead to a file of any repository; empty: it can."""
    if not path:
        return "is empty"
    if _CONTROL.search(path):
        return "holds a control character"
    if _ABSOLUTE.match(path):
        return "is an absolute path; write it relative to the root"
    if "\\" in path:
        return "holds a backslash; write / between folders"
    if len(path) > _LONGEST:
        return "is too long to be a path"
    return ""


def _names(folder: Path) -> tuple[str, ...]:
    try:
        return tuple(sorted(each.name for each in folder.iterdir()))
    except OSError:
        return ()
