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

STATE, WORKTREES, MERGES, GATES, WORKFLOWS = "state", "worktrees", "merges", "gates", "workflows"
"""What is locked, each with a file of its own."""
LOCK = f"{STATE}.lock"
_WRITE = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0)
_POLL, _SLOWEST = 0.005, 0.04
"""Seconds between tries: first, and after a while, for those who wait to leave the processor to who works."""


class Holder(msgspec.Struct, frozen=True):
    """Who holds the lock: a process, and what it was started as."""

    pid: int
    command: str


@contextmanager
def locked(folder: Path, wait: float, what: str = STATE) -> Iterator[None]:
    """Hold the lock of `what` in `folder`, which is made; wait for it `wait` seconds.

    Raises:
        ConflictError: Somebody else held it all the time.
        ExternalError: The system refuses.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(folder / f"{what}.lock", timeout=0)
        _acquire(lock, wait)
    except filelock.Timeout:
        raise ConflictError(
            f"{_named(folder, what)} holds the lock of the {what}, and did for {wait:g} s",
            code="LOCKED",
            fix="run it again when that process is done; the lock is freed when it ends",
        ) from None
    except OSError as error:
        raise refused((folder / f"{what}.lock").as_posix(), error) from None
    try:
        _leave_name(folder, what)
        yield
    finally:
        lock.release()


def holder(folder: Path, what: str = STATE) -> Holder | None:
    """Who held the lock of `what` last, as far as it is known."""
    try:
        return msgspec.json.decode((folder / f"{what}.holder").read_bytes(), type=Holder)
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


def _named(folder: Path, what: str) -> str:
    who = holder(folder, what)
    return f"process {who.pid} ({who.command})" if who else "another process"


def _leave_name(folder: Path, what: str) -> None:
    """Write down who holds it: a help for those who wait, so that a failure to do so changes nothing.

    What is there is overwritten, and not emptied first: ext4 would wait for the disk then.

    Source: ext4(5), `auto_da_alloc`.
    """
    with suppress(OSError, UnicodeEncodeError):
        name = msgspec.json.encode(Holder(os.getpid(), " ".join(["vtm", *sys.argv[1:]])[:200]))
        handle = os.open(folder / f"{what}.holder", _WRITE, 0o666)
        try:
            os.write(handle, name)
            os.ftruncate(handle, len(name))
        finally:
            os.close(handle)
