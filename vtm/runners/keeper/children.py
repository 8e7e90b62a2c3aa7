"""The processes below this one: on Linux all, also those that have left their parents and their group."""

import os
import sys
from collections.abc import Callable
from contextlib import suppress

from vtm.runners.keeper.place import NURSERY

_FINDS_ALL = sys.platform == "linux"
"""Whether whatever is started below this process becomes a child of it in the end."""
_SUBREAPER = 36
"""PR_SET_CHILD_SUBREAPER.

Source: prctl(2).
"""


_prctl: list[Callable[..., int]] = []
"""The function of the system, where it was prepared."""


def prepare() -> None:
    """Load what `adopt_orphans` needs, once for all processes that are forked from this one."""
    if _FINDS_ALL:
        import ctypes  # noqa: PLC0415  5 ms, not in who only looks at processes

        with suppress(OSError, AttributeError):
            _prctl.append(ctypes.CDLL(None).prctl)


def adopt_orphans() -> None:
    """Become the parent of each process below this one that loses its own, where the system can do that."""
    for prctl in _prctl:
        prctl(_SUBREAPER, 1, 0, 0, 0)


def children() -> list[int]:
    """The children of this process that were not waited for, which therefore keep their ids.

    Source: proc_pid_stat(5); the file `children` is not in every kernel.
    """
    me = os.getpid()
    try:
        with open(f"/proc/self/task/{me}/children", "rb") as file:  # noqa: PTH123  pathlib: 10 ms
            return [int(pid) for pid in file.read().split()]
    except OSError:
        return [pid for pid in processes() if stat(pid)[1:2] == [str(me)]]


def mine() -> list[int]:
    """The children of this process without keepers: those were started for another agent by this one's."""
    return [pid for pid in children() if not is_keeper(pid)]


def is_keeper(pid: int) -> bool:
    """Whether a process is a keeper, or what starts keepers."""
    return f"{NURSERY}=1".encode() in environment(pid)


def environment(pid: int) -> list[bytes]:
    """The environment with which a process was started; nothing where that is not for us to know."""
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:  # noqa: PTH123  pathlib: 10 ms
            return file.read().split(b"\0")
    except OSError:
        return []


def processes() -> list[int]:
    """The ids of all processes, where the system tells."""
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208  pathlib: 10 ms
    except OSError:
        return []


def stat(pid: int) -> list[str]:
    """What the system tells of a process, from its state on; nothing where there is none.

    Source: proc_pid_stat(5), from the third field on: state, parent, group, session, …
    """
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123  pathlib: 10 ms
            return file.read().rpartition(b")")[2].decode().split()
    except (OSError, ValueError):
        return []


def born(pid: int) -> str:
    """When a process was started, in ticks since the machine was; empty where that is not known."""
    return "".join(stat(pid)[19:20])


def send(group: int, number: int, told: set[int] | None = None) -> None:
    """Send a signal to the processes in the agent's group, and to children that have left it.

    Those in `told`, who got it before, do not get it again; who gets it is put in there.
    """
    before = set() if told is None else set(told)
    those = [pid for pid in mine() if pid not in before]
    if told is not None:
        told |= {*those, group}
    lives = group in those or not _FINDS_ALL or any(stat(pid)[2:3] == [str(group)] for pid in those)
    if lives and group not in before:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, number)  # else nobody is left in it, and the number may be a stranger's by now
    for pid in those:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def group_lives(group: int) -> bool:
    """Whether somebody is in the agent's group who is no child of this process; on Linux all are."""
    if _FINDS_ALL:
        return False
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def reap() -> tuple[dict[int, int], bool]:
    """How each child ended that has by now, by its id; and whether there are others."""
    ended: dict[int, int] = {}
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ended, False
        if not pid:
            return ended, True
        code = os.waitstatus_to_exitcode(status)
        ended[pid] = code if code >= 0 else 128 - code
