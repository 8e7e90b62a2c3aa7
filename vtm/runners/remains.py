"""Processes of an agent whose keeper is gone: found without taking a stranger for one, and ended."""

import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from stat import S_IWUSR

from vtm.runners.keeper.children import born, environment, processes, stat
from vtm.runners.keeper.place import AGENT, KEEPER, MARK, NURSERY, read
from vtm.runners.waiting import is_held

_PAUSE = 0.02
"""Seconds between two looks at what is left."""
_HOPELESS = 0.7
"""Seconds after which what is killed and lives is taken for something that the system cannot end."""


def end_remains(place: Path, grace: float) -> None:
    """End what lives of the agent of `place`: politely, and after `grace` seconds for certain."""
    until = time.monotonic() + grace
    _send(place, signal.SIGTERM)
    while remains(place) and time.monotonic() < until:
        time.sleep(_PAUSE)
    hopeless = time.monotonic() + _HOPELESS
    while remains(place) and time.monotonic() < hopeless:
        _send(place, signal.SIGKILL)
        time.sleep(_PAUSE)


def remains(place: Path) -> set[int]:
    """The processes of the agent of `place`, its keeper not among them.

    Its own are those that carry its mark, those that share the keeper's session with one of them, those that
    hold its lock, and all that these have started. A number alone proves nothing, since the system gives it
    to others later.
    """
    keeper, agent = read(str(place), KEEPER), read(str(place), AGENT)
    if sys.platform != "linux":
        return _group(agent.get("group", 0))
    if not keeper.get("mark"):
        return set()
    mark, session = f"{MARK}={keeper['mark']}".encode(), str(keeper.get("pid"))
    known = {pid: told for pid in processes() if pid != keeper.get("pid") and (told := stat(pid))}
    living = {pid: told for pid, told in known.items() if told[0] not in "ZX"}
    apart = {pid for pid in living if f"{NURSERY}=1".encode() in environment(pid)}
    ours = {pid for pid in living if mark in environment(pid)} - apart
    group = agent.get("group", 0)
    leads = group in known and agent.get("born") == born(group) != ""
    if leads or any(living[pid][3] == session for pid in ours):
        ours |= {pid for pid, told in living.items() if told[3] == session} - apart
    if is_held(place / AGENT):
        ours |= {pid for pid in living if _has_open(pid, place / AGENT)} - apart
    more = ours
    while more:
        more = {pid for pid, told in living.items() if int(told[1]) in more} - ours - apart
        ours |= more
    return ours


def _has_open(pid: int, file: Path) -> bool:
    """Whether a process has a file open to write, as who inherited it has, and nobody who only looks."""
    handles, wanted = Path(f"/proc/{pid}/fd"), str(file.resolve())
    try:
        return any(
            each.lstat().st_mode & S_IWUSR and str(each.readlink()) == wanted for each in handles.iterdir()
        )
    except OSError:
        return False


def _group(group: int) -> set[int]:
    """The group, where somebody is in it and the system tells no more than that."""
    try:
        if group:
            os.killpg(group, 0)
            return {-group}
    except (ProcessLookupError, PermissionError):
        pass
    return set()


def _send(place: Path, number: signal.Signals) -> None:
    for pid in remains(place):
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)
