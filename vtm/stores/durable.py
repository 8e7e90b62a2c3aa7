"""Files that are whole after a crash, whenever it comes."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from vtm.errors import ExternalError


class NotWrittenError(ExternalError):
    """The system refuses to write a file; it is as it was."""


def refused(name: str, error: OSError) -> NotWrittenError:
    """The error of a file that cannot be written; `name` is what the user calls it."""
    reason = (error.strerror or "it failed").lower()
    return NotWrittenError(
        f"{name} cannot be written: {reason}; nothing was changed",
        code="NOT-WRITTEN",
        path="" if name.startswith("/") else name,
        fix="make room, or make its folder writable, and run it again",
    )


def replace_file(path: Path, data: bytes) -> None:
    """Put `data` in the place of `path`: whoever reads it finds the old file or the new one, whole.

    Its permissions stay. Where `path` is a symbolic link, the file it leads to is replaced.

    Raises:
        OSError: It cannot; the old file is as it was and nothing else is left.
    """
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            Path(temporary).chmod(_mode(path))
            os.fsync(file.fileno())
        os.replace(temporary, path)  # noqa: PTH105  a step that tests make fail by its name
    finally:
        with suppress(OSError):  # there is none where all went well
            Path(temporary).unlink()
    sync_folder(path.parent)


def append(path: Path, keep: int, data: bytes) -> None:
    """Cut `path` to its first `keep` bytes and put `data` behind them, on the disk when this returns.

    Raises:
        OSError: It cannot; the first `keep` bytes are as they were, and no more than these are left.
    """
    new = not path.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
    try:
        if os.fstat(handle).st_size != keep:
            os.ftruncate(handle, keep)
        os.lseek(handle, keep, os.SEEK_SET)
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(handle, rest) :]
            os.fsync(handle)
        except OSError:
            with suppress(OSError):  # what is left over then is an unfinished line, which nobody reads
                os.ftruncate(handle, keep)
            raise
    finally:
        os.close(handle)
    if new:
        sync_folder(path.parent)


def cut(path: Path, keep: int) -> None:
    """Cut `path` to its first `keep` bytes; a file that was empty before is removed.

    Raises:
        OSError: It cannot.
    """
    if keep:
        append(path, keep, b"")
    else:
        path.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` last, where the system has a way to."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode & 0o777
    except OSError:
        return 0o644
