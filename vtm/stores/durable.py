"""Files that are whole after a crash, whenever it comes."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from vtm.errors import ExternalError

_ENDING = ".tmp"
_RANDOM = 8
"""How many characters of a temporary file's name are random.

Source: tempfile, `_RandomNameSequence`.
"""


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


@contextmanager
def replacement(path: Path, data: bytes) -> Iterator[Callable[[], None]]:
    """Write `data` beside `path`, and hand out what puts it there: all but that may fail is done then.

    Whoever reads `path` finds the old file or the new one, whole. Its permissions stay. Where it is a
    symbolic link, the file it leads to is replaced.

    Raises:
        OSError: It cannot be written; the old file is as it was and nothing else is left.
    """
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=_ENDING, dir=path.parent)

    def put() -> None:
        os.replace(temporary, path)  # noqa: PTH105  a step that tests make fail by its name
        with suppress(OSError):  # it is in its place; to say now that it is not would be wrong
            sync_folder(path.parent)

    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            Path(temporary).chmod(_mode(path))
            os.fsync(file.fileno())
        yield put
    finally:
        with suppress(OSError):  # there is none where all went well
            Path(temporary).unlink()


def replace_file(path: Path, data: bytes) -> None:
    """Put `data` in the place of `path`; see `replacement`.

    Raises:
        OSError: It cannot; the old file is as it was and nothing else is left.
    """
    with replacement(path, data) as put:
        put()


def remove_leftovers(path: Path) -> None:
    """Remove what is left of replacements of `path` whose writer died; nobody else may be at it now."""
    with suppress(OSError, RuntimeError):  # what cannot be removed does no harm
        path = path.resolve()
        start, length = f".{path.name}.", len(path.name) + 2 + _RANDOM + len(_ENDING)
        for name in os.listdir(path.parent):  # noqa: PTH208  a third of the time of Path.iterdir
            if name.startswith(start) and name.endswith(_ENDING) and len(name) == length:
                (path.parent / name).unlink()


def append(path: Path, keep: int, data: bytes) -> None:
    """Cut `path` to its first `keep` bytes and put `data` behind them, on the disk when this returns.

    Raises:
        OSError: It cannot; the first `keep` bytes are as they were, and behind them is some of `data`.
    """
    new = not path.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
    try:
        if os.fstat(handle).st_size != keep:
            os.ftruncate(handle, keep)
        os.lseek(handle, keep, os.SEEK_SET)
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(handle, rest) :]
        os.fsync(handle)
    finally:
        os.close(handle)
    if new:
        sync_folder(path.parent)


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
