"""One writer at a time, also across processes; a holder that dies holds nothing."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import filelock
import msgspec

from vtm.errors import ConflictError
from vtm.stores.durable import refused

LOCK = "state.lock"
HOLDER = "state.holder"
_POLL, _SLOWEST = 0.005, 0.04
"""Seconds between tries: first, and after a while, for those who wait to leave the processor to who works."""


class Holder(msgspec.Struct, frozen=True):
    """Who holds the lock: a process, and what it was started as."""

    pid: int
    command: str


@contextmanager
def locked(folder: Path, wait: float) -> Iterator[None]:
    """Hold the lock in `folder`, which is made; wait for it `wait` seconds.

    Raises:
        ConflictError: Somebody else held it all the time.
        ExternalError: The system refuses.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(folder / LOCK, timeout=0)
        _acquire(lock, wait)
    except filelock.Timeout:
        raise ConflictError(
            f"{_named(folder)} holds the lock of the state, and did for {wait:g} s",
            code="LOCKED",
            fix="run it again when that process is done; the lock is freed when it ends",
        ) from None
    except OSError as error:
        raise refused((folder / LOCK).as_posix(), error) from None
    try:
        _leave_name(folder)
        yield
    finally:
        lock.release()


def holder(folder: Path) -> Holder | None:
    """Who held the lock last, as far as it is known."""
    try:
        return msgspec.json.decode((folder / HOLDER).read_bytes(), type=Holder)
    except (OSError, msgspec.DecodeError):
        return None


def _acquire(lock: filelock.BaseFileLock, wait: float) -> None:
    """Acquire `lock`, which does not wait itself.

    Raises:
        Timeout: Somebody else held it for `wait` seconds.
    """
    until, pause = time.monotonic() + wait, _POLL
    while True:
        try:
            lock.acquire()
        except filelock.Timeout:
            left = until - time.monotonic()
            if left <= 0:
                raise
            time.sleep(min(pause, left))
            pause = min(pause * 1.5, _SLOWEST)
        else:
            return


def _named(folder: Path) -> str:
    who = holder(folder)
    return f"process {who.pid} ({who.command})" if who else "another process"


def _leave_name(folder: Path) -> None:
    """Write down who holds it: a help for those who wait, so that a failure to do so changes nothing."""
    command = " ".join(["vtm", *sys.argv[1:]])[:200]
    with suppress(OSError, UnicodeEncodeError):
        (folder / HOLDER).write_bytes(msgspec.json.encode(Holder(os.getpid(), command)))
