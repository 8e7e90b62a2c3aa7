"""Agent processes that outlive vtm: start one, ask how it is, wait for it, end it.

All that is known of one is in a folder of its own, its place, so that any process of this machine can ask.
A place is used once.
"""

import os
import signal
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from time import time
from typing import Any, NamedTuple

from vtm.errors import ExternalError
from vtm.ports.agents import Command
from vtm.runners.ending import Ending, How, ending_of
from vtm.runners.keeper.place import AGENT, ASKED, END, KEEPER, MARK, NURSERY, read, use_up, write
from vtm.runners.logs import follow, output
from vtm.runners.nursing import Nursery, failed
from vtm.runners.remains import end_remains
from vtm.runners.secrets import secrets_of
from vtm.runners.waiting import is_held, is_kept, wait_for

__all__ = [
    "Ending",
    "How",
    "Limits",
    "Nursery",
    "end",
    "ended",
    "ending",
    "follow",
    "is_alive",
    "is_kept",
    "launch",
    "output",
]

LONGEST_GRACE = 3.0
"""Seconds that an agent gets at most to end by itself, so that all of it is gone after 5."""
_BEYOND, _KILLED = 1.0, 0.3
"""Seconds that its keeper may take longer than that, and to be gone when it is killed."""


class Limits(NamedTuple):
    """What an agent may use.

    Attributes:
        timeout: Seconds that it may take; 0: any.
        grace: Seconds that it gets to end by itself when it must.
        output: Most bytes of its output that are kept.
        secrets: Globs of names of environment variables that are secret, beside those that say so.
    """

    timeout: float = 0
    grace: float = 3.0
    output: int = 10_000_000
    secrets: tuple[str, ...] = ()


def launch(
    place: Path, command: Command, folder: Path, limits: Limits, nursery: Nursery | None = None
) -> int:
    """Start an agent in `folder`, with a keeper; the id of the keeper's process.

    Where an agent was started in `place` before, that one's keeper is named and nothing is started.

    Args:
        place: Where everything of it is kept; made where it is not there.
        command: How to start it.
        folder: Where it works.
        limits: What it may use.
        nursery: What starts keepers; None: one for this keeper alone, which costs a start of Python.

    Raises:
        ExternalError: It cannot be started.
    """
    asked = _asked(place, command, folder, limits)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise failed(error.strerror or str(error)) from None
    if nursery:
        answer = nursery.ask(asked)
    else:
        with Nursery() as one:
            answer = one.ask(asked)
    if "error" in answer:
        raise failed(f"{command.argv[0]}: {answer['error']}")
    pid: int = answer["pid"]
    return pid


def is_alive(place: Path) -> bool:
    """Whether anything of an agent lives, or its keeper."""
    return is_kept(place) or is_held(place / AGENT)


def ending(place: Path) -> Ending | None:
    """How it ended; None: it did not, or its keeper is gone and nobody has ended what is left."""
    return None if is_kept(place) else ending_of(place)


async def ended(place: Path) -> Ending:
    """Wait for its end; where its keeper dies before, what is left of it is ended.

    May be cancelled, which changes nothing for the agent.
    """
    import asyncio  # noqa: PLC0415  20 ms that who only looks saves

    from vtm.runners.awaiting import waited_for  # noqa: PLC0415  the same

    await waited_for(place)
    found = ending_of(place)
    return found if found is not None else await asyncio.to_thread(_buried, place)


def end(place: Path, grace: float = LONGEST_GRACE) -> None:
    """End it and all that it has started: politely, and after `grace` seconds, at most 3, for certain.

    One that is about to be started never is.

    Raises:
        ExternalError: Something of it lives after 5 seconds.
    """
    grace = max(0.0, min(grace, LONGEST_GRACE))
    _forestall(place)
    if is_kept(place):
        with suppress(OSError):  # a full disk; then it gets the grace that it was started with
            write(str(place), ASKED, {"grace": grace})
        if not wait_for(place, grace + _BEYOND, signal.SIGTERM):
            wait_for(place, _KILLED, signal.SIGKILL)
            grace = 0.0
    if not ending_of(place) and read(str(place), KEEPER):
        _buried(place, grace)
    if is_alive(place):
        raise ExternalError(
            "a process of the agent cannot be ended",
            code="AGENT-LIVES",
            fix="look with `ps` for what it waits, and end it by hand",
        )


def _asked(place: Path, command: Command, folder: Path, limits: Limits) -> dict[str, Any]:
    """What a keeper is told."""
    environment = {**os.environ, **command.environment, "PWD": str(folder)}
    kept = {name: value for name, value in environment.items() if name not in {MARK, NURSERY}}
    return {
        "place": str(place.absolute()),
        "argv": command.argv,
        "stdin": command.stdin,
        "environment": kept,
        "folder": str(folder),
        "mark": token_hex(16),
        "timeout": limits.timeout,
        "grace": limits.grace,
        "output": limits.output,
        "secrets": list(secrets_of(kept, limits.secrets)),
    }


def _forestall(place: Path) -> None:
    """Use up a place in which nothing was started yet, so that nothing will be."""
    if (place / KEEPER).exists():
        return
    now = time()
    with suppress(OSError):  # a full disk, on which no keeper starts either
        place.mkdir(parents=True, exist_ok=True)
        if use_up(str(place)):
            end = {"how": How.ENDED, "exit_code": None, "started": now, "ended": now, "bytes": 0}
            write(str(place), END, end)


def _buried(place: Path, grace: float = 0.0) -> Ending:
    """End what is left of an agent whose keeper is gone, and write down that it is over."""
    end_remains(place, grace)
    found = read(str(place), KEEPER)
    lost = {"how": How.LOST, "exit_code": None, "started": _made(place), "ended": time(), "bytes": 0}
    if found:
        with suppress(OSError):
            write(str(place), END, lost)
    written = ending_of(place)
    return written if written is not None else Ending(How.LOST, reason="nobody knows how it ended")


def _made(place: Path) -> float:
    try:
        return (place / KEEPER).stat().st_mtime
    except OSError:
        return time()
