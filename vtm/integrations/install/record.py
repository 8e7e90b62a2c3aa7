"""What was in files before something was installed in them: never committed, and only a help.

Without it, as in a clone, what is installed is found by what it says.
"""

from hashlib import sha256
from pathlib import Path
from typing import Self

import msgspec
from msgspec import Struct

from vtm.app.app import App
from vtm.discovery import runtime_folder
from vtm.stores.durable import replace_file

NAME = "installed.json"


class Entry(Struct, frozen=True):
    """One file.

    Attributes:
        before: What was in it; None: there was none.
        after: SHA-256 of what was left in it, in hex.
        clients: For whom.
        folders: Folders that were made for it, the outermost first; relative to the worktree.
    """

    before: bytes | None
    after: str
    clients: tuple[str, ...]
    folders: tuple[str, ...] = ()

    def is_of(self, data: bytes | None) -> bool:
        """Whether a file with `data` is as it was left."""
        return data is not None and digest(data) == self.after


def digest(data: bytes) -> str:
    """SHA-256 in hex."""
    return sha256(data).hexdigest()


class Record:
    """The entries of one worktree, by path."""

    def __init__(self, file: Path, work: str, all_: dict[str, dict[str, Entry]]) -> None:
        self._file = file
        self._work = work
        self._all = all_
        self.entries = all_.setdefault(work, {})

    @classmethod
    def of(cls, app: App) -> Self:
        """That of the caller's worktree; one that is damaged is as good as none."""
        file = runtime_folder(app.project) / NAME
        try:
            known = msgspec.json.decode(file.read_bytes(), type=dict[str, dict[str, Entry]])
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            known = {}
        return cls(file, app.project.work.as_posix(), known)

    def save(self) -> None:
        """Write it, where it has changed; where nothing is left to remember, nothing is left of it.

        Raises:
            OSError: It cannot be written.
        """
        kept = {work: entries for work, entries in self._all.items() if entries}
        if kept:
            data = msgspec.json.format(msgspec.json.encode(kept), indent=2) + b"\n"
            if not self._file.exists() or self._file.read_bytes() != data:
                replace_file(self._file, data)
            return
        if not self._file.exists():
            return
        self._file.unlink()
        if self._file.parent.name == ".vtm" and not any(self._file.parent.iterdir()):
            self._file.parent.rmdir()
