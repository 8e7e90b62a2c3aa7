"""Waits for the end of a keeper, without asking again and again."""

import fcntl
import os
import select
import signal
import threading
from contextlib import suppress
from pathlib import Path

from vtm.runners.keeper.place import KEEPER, read


def is_held(lock: Path) -> bool:
    """Whether a process holds this lock."""
    handle = _opened(lock)
    if handle == -1:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def is_kept(place: Path) -> bool:
    """Whether the keeper in `place` lives; else what may be left of its agent is to be ended."""
    return is_held(place / KEEPER)


def wait_for(place: Path, seconds: float, number: signal.Signals) -> bool:
    """Send a signal to the keeper in `place`, and wait so long for its end; False where it goes on."""
    handle = keeper_handle(place)
    if handle == -1:
        return not is_kept(place) or _wait_without_handle(place, seconds, number)
    try:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(handle, number)
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        return bool(poll.poll(seconds * 1000))
    finally:
        os.close(handle)


def keeper_handle(place: Path) -> int:
    """A handle of the keeper's process; -1: it is gone, or the system has no such handles."""
    pid = read(str(place), KEEPER).get("pid", 0)
    try:
        handle = os.pidfd_open(pid) if pid else -1
    except (OSError, AttributeError):
        return -1
    if handle != -1 and not is_kept(place):  # the number may be another's by now
        os.close(handle)
        return -1
    return handle


def _opened(lock: Path) -> int:
    try:
        return os.open(lock, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return -1


def _wait_without_handle(place: Path, seconds: float, number: signal.Signals) -> bool:
    with suppress(ProcessLookupError, PermissionError):
        os.kill(read(str(place), KEEPER)["pid"], number)
    waiter = threading.Thread(target=wait_for_lock, args=(place / KEEPER,), daemon=True)
    waiter.start()
    waiter.join(seconds)
    return not waiter.is_alive()


def wait_for_lock(lock: Path) -> None:
    """Wait until nobody holds this lock."""
    handle = _opened(lock)
    if handle != -1:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH)
        finally:
            os.close(handle)
