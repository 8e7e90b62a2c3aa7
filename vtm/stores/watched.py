"""A file that is replaced only while nobody else has changed it."""

from collections.abc import Sequence
from pathlib import Path
from stat import S_ISREG
from typing import NamedTuple

from vtm.errors import ConflictError, ExternalError, UnreadableError, VtmError
from vtm.stores.durable import refused, replace_file


class Watched(NamedTuple):
    """A file as it was read.

    Attributes:
        path: Where it is.
        name: Its path, POSIX and relative to the root: what errors call it.
        data: Its bytes; empty where there is none.
        seen: What the system said of it then; None: it did not exist.
    """

    path: Path
    name: str
    data: bytes
    seen: tuple[int, int, int] | None

    @classmethod
    def read(cls, root: Path, name: str) -> "Watched":
        """Read the file `name` below `root`.

        Raises:
            UnreadableError: It is there and cannot be read.
        """
        path = root / name
        try:
            seen = _seen(path)
            return cls(path, name, b"" if seen is None else path.read_bytes(), seen)
        except OSError as error:
            raise _unreadable(name, (error.strerror or "it failed").lower()) from None
        except ValueError:
            raise _unreadable(name, "it is not a regular file") from None

    def refuse_change(self) -> None:
        """Let nothing pass if it is another file by now.

        Raises:
            ConflictError: Somebody who holds no lock changed it.
        """
        try:
            now = _seen(self.path)
        except (OSError, ValueError):
            now = (0, 0, 0)
        if now != self.seen:
            raise ConflictError(
                f"{self.name} was changed by somebody else while it was being edited; nothing was written",
                code="CHANGED-UNDERNEATH",
                path=self.name,
                fix="run it again",
            )

    def replace_with(self, data: bytes) -> None:
        """Put `data` in its place.

        Raises:
            ConflictError: Somebody who holds no lock changed it.
            ExternalError: The system refuses; it is as it was.
        """
        self.refuse_change()
        self._put(data)

    def put_back(self) -> None:
        """Put what was read in its place again; where there was nothing, there is nothing again.

        Raises:
            ExternalError: The system refuses.
        """
        if self.seen is not None:
            self._put(self.data)
            return
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise refused(self.name, error) from None

    def _put(self, data: bytes) -> None:
        try:
            replace_file(self.path, data)
        except OSError as error:
            raise refused(self.name, error) from None


class Edit(NamedTuple):
    """What a file is to hold."""

    before: Watched
    after: bytes


def replace_all(files: Sequence[tuple[Watched, bytes]], *, after_half: str) -> list[str]:
    """Put bytes in the place of several files, all of them or none; returns their names.

    `after_half` says what to do where the system refuses one of them and then to take back the others.

    Raises:
        ConflictError: Somebody who holds no lock changed one of them; nothing was written.
        ExternalError: The system refuses; all are as they were.
    """
    for file, _ in files:
        file.refuse_change()
    done: list[Watched] = []
    for file, data in files:
        try:
            file.replace_with(data)
        except (ConflictError, ExternalError) as error:
            _put_back(done, file, error, after_half)
            raise
        done.append(file)
    return [file.name for file in done]


def _put_back(done: Sequence[Watched], refused_one: Watched, error: VtmError, after_half: str) -> None:
    for file in done:
        try:
            file.put_back()
        except ExternalError:
            raise ExternalError(
                f"{file.name} was changed, but then {refused_one.name} could not be written",
                code=error.code,
                path=refused_one.name,
                fix=f"make room, or make its folder writable, {after_half}",
            ) from None


def _seen(path: Path) -> tuple[int, int, int] | None:
    """What tells one state of a file from another; None: there is no file.

    Raises:
        ValueError: It is no regular file.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    if not S_ISREG(found.st_mode):
        raise ValueError(path)
    return found.st_ino, found.st_size, found.st_mtime_ns


def _unreadable(name: str, reason: str) -> UnreadableError:
    return UnreadableError(
        f"{name} cannot be read: {reason}", code="GAP::UNREADABLE", path=name, fix="put the file in its place"
    )
