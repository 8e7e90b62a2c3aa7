"""The two files of a ledger, read and written as one."""

from collections.abc import Sequence
from pathlib import Path
from stat import S_ISREG
from typing import NamedTuple, Self

from vtm.discovery import Project, runtime_folder
from vtm.errors import ConflictError, ExternalError, UnreadableError, VtmError
from vtm.model.settings import Paths
from vtm.stores.durable import append, refused, remove_leftovers, replace_file, replacement
from vtm.stores.journal import Journal
from vtm.stores.watched import Edit

_Seen = tuple[int, int, int] | None


class Files(NamedTuple):
    """Where a ledger keeps what.

    Attributes:
        root: Of the project.
        state: Path of the state, POSIX and relative to `root`; `journal` likewise.
        runtime: Folder of the lock.
    """

    root: Path
    state: str
    journal: str
    runtime: Path

    @classmethod
    def of(cls, project: Project, paths: Paths) -> Self:
        """Where the ledger of a project is."""
        return cls(project.root, paths.state, paths.journal, runtime_folder(project))

    def read(self) -> "Written":
        """What is in them now; what does not exist is empty.

        Raises:
            UnreadableError: One of them cannot be read.
        """
        state, journal = self.root / self.state, self.root / self.journal
        seen = self.mark()
        found = Journal(_read(journal, self.journal) or b"")
        if b"\n<<<<<<< " in b"\n" + found.data:
            raise UnreadableError(
                f"{self.journal} has conflict markers of git",
                code="GAP::CONFLICT-MARKERS",
                path=self.journal,
                fix="keep the lines of both sides and remove the markers",
            )
        return Written(self, _read(state, self.state), found, seen)

    def mark(self) -> tuple[_Seen, _Seen]:
        """What the system says of both files, which is another thing whenever one of them was written.

        Raises:
            UnreadableError: One of them is something else than a file.
        """
        return _seen(self.root / self.state, self.state), _seen(self.root / self.journal, self.journal)

    def tidy(self) -> None:
        """Remove what writers left behind that died; only for who holds the lock."""
        remove_leftovers(self.root / self.state)


class Written(NamedTuple):
    """What was in the files when they were read.

    Attributes:
        state: Bytes of the state; None: there is none.
        seen: What the system said of both files then.
    """

    files: Files
    state: bytes | None
    journal: Journal
    seen: tuple[_Seen, _Seen]

    def replace(self, state: bytes, lines: bytes, edits: Sequence[Edit] = ()) -> None:
        """Put `lines` behind the journal, then do `edits`, then put `state` in the place of the state.

        Raises:
            ConflictError: Somebody changed one of the files since they were read.
            ExternalError: The system refuses; all are as they were.
        """
        root, name = self.files.root, self.files.state
        journal, target = root / self.files.journal, root / name
        done: list[Edit] = []
        try:
            with replacement(target, state) as put:
                self._refuse_changes(edits)
                try:
                    if lines or self.journal.torn:
                        name = self.files.journal
                        append(journal, self.journal.sound, lines)
                    for edit in edits:
                        edit.before.replace_with(edit.after)
                        done.append(edit)
                    name = self.files.state
                    put()
                except (OSError, VtmError):
                    self._take_back(journal, done)
                    raise
        except OSError as error:
            raise refused(name, error) from None

    def _take_back(self, journal: Path, done: Sequence[Edit]) -> None:
        """Leave all as it was; a line that was never finished need not come back."""
        name = self.files.journal
        try:
            for edit in done:
                name = edit.before.name
                replace_file(edit.before.path, edit.before.data)
            name = self.files.journal
            if _seen(journal, name) == self.seen[1]:
                return
            if self.seen[1] is None:
                journal.unlink()
            else:
                append(journal, self.journal.sound, b"")
        except OSError as error:
            raise ExternalError(
                f"{name} can neither be written nor be left as it was: {(error.strerror or '').lower()}",
                code="HALF-WRITTEN",
                path=name,
                fix="make it writable, then see in `vtm log` whether what was asked for has happened",
            ) from None

    def _refuse_changes(self, edits: Sequence[Edit]) -> None:
        for edit in edits:
            edit.before.refuse_change()
        now = self.files.mark()
        for name, before, after in zip((self.files.state, self.files.journal), self.seen, now, strict=True):
            if before != after:
                raise ConflictError(
                    f"{name} was changed by somebody else while it was being written",
                    code="CHANGED-UNDERNEATH",
                    path=name,
                    fix="run it again",
                )


def _seen(path: Path, name: str) -> _Seen:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(name, (error.strerror or "it failed").lower()) from None
    if not S_ISREG(found.st_mode):
        raise _unreadable(name, "it is not a regular file")
    return found.st_ino, found.st_size, found.st_mtime_ns


def _read(path: Path, name: str) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(name, (error.strerror or "it failed").lower()) from None


def _unreadable(name: str, reason: str) -> UnreadableError:
    return UnreadableError(
        f"{name} cannot be read: {reason}", code="GAP::UNREADABLE", path=name, fix="put the file in its place"
    )
