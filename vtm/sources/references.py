"""What references in tasks lead to; nothing outside the root is ever looked at."""

import os
import re
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from stat import S_ISDIR, S_ISLNK, S_ISREG

from vtm.model.facts import Resolved

_ADR = re.compile(r"ADR-([0-9]+)(?=:|\s|$)", re.IGNORECASE)
_NOTE = re.compile(r"\s+\([^()]*\)\s*$")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]|[\\/~]")


class References:
    """Resolves what stands in `related_specs`, `related_adrs`, `related_guides` and `test_verification`.

    Attributes:
        root: The folder that paths are relative to and that they must not leave.
        adr: Globs with `{number}` in them that turn an ADR's number into its file.
    """

    def __init__(self, root: Path, adr: tuple[str, ...]) -> None:
        self.root = root
        self.adr = adr
        self._real_root = root.resolve()
        self._real_folder = cache(Path.resolve)
        self._names = cache(_names)

    def document(self, reference: str) -> Resolved:
        """A document: a path, perhaps with `#section`; `ADR-0002`; or `ADR-0002: Title`."""
        number = _ADR.match(reference.strip())
        if number:
            return self._numbered(number[1])
        found = self._path(reference.strip(), folders=False)
        path, mark, _ = reference.partition("#")
        return self._path(path.strip(), folders=False) if found.problem and mark else found

    def test(self, reference: str) -> Resolved:
        """A test file or folder: a path, perhaps with `::name` and a note in parentheses behind it."""
        path = _NOTE.sub("", reference).strip().partition("::")[0]
        return self._path(path, folders=True)

    def _numbered(self, number: str) -> Resolved:
        for text in dict.fromkeys((number, number.lstrip("0").rjust(4, "0"))):
            for glob in self.adr:
                folder, _, pattern = glob.replace("{number}", text).rpartition("/")
                names = self._names(self.root / folder) if self._inside(self.root / folder) else ()
                match = next((name for name in names if fnmatchcase(name, pattern)), None)
                if match:
                    return self._path(f"{folder}/{match}".lstrip("/"), folders=False)
        looked = " or ".join(glob.replace("{number}", number) for glob in self.adr)
        return Resolved(problem=f"does not exist (looked for {looked})")

    def _inside(self, folder: Path) -> bool:
        real: Path = self._real_folder(folder)
        return real.is_relative_to(self._real_root)

    def _path(self, path: str, *, folders: bool) -> Resolved:
        problem = _unusable(path)
        if problem:
            return Resolved(problem=problem)
        kept: list[str] = []
        for part in path.split("/"):
            if part == ".." and not kept:
                return Resolved(problem="leaves the repository")
            if part == "..":
                kept.pop()
            elif part not in {"", "."}:
                kept.append(part)
        clean = "/".join(kept)
        return Resolved(clean, self._problem(self.root.joinpath(*kept), folders=folders))

    def _problem(self, file: Path, *, folders: bool) -> str:
        """Why `file` cannot be used; empty: it can."""
        try:
            if not self._inside(file.parent):
                return "leaves the repository by a symbolic link"
            mode = file.lstat().st_mode
            if S_ISLNK(mode):
                if not file.resolve().is_relative_to(self._real_root):
                    return "leaves the repository by a symbolic link"
                mode = file.stat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            return "does not exist"
        except (OSError, RuntimeError) as error:
            return f"cannot be read: {getattr(error, 'strerror', None) or error}".lower()
        if S_ISDIR(mode):
            return "" if folders else "is a directory"
        if not S_ISREG(mode):
            return "is not a regular file"
        return "" if os.access(file, os.R_OK) else "cannot be read: permission denied"


def _unusable(path: str) -> str:
    if not path:
        return "is empty"
    if _CONTROL.search(path):
        return "holds a control character"
    if _DRIVE.match(path):
        return "is an absolute path; write it relative to the root"
    if len(path) > 4096:
        return "is too long to be a path"
    return ""


def _names(folder: Path) -> tuple[str, ...]:
    try:
        return tuple(sorted(each.name for each in folder.iterdir()))
    except OSError:
        return ()
