"""The files in the folder of one agent, and how they are written."""

import fcntl
import json
import os
from contextlib import suppress
from typing import Any

KEEPER = "keeper.lock"
"""Held by the keeper as long as it lives; in it who that is: `pid`, `born`, and the `mark` of its agent."""
AGENT = "agent.lock"
"""Held by keeper and agent, and by what the agent starts, as far as that keeps what it inherits; in it
`group`, whose first process was `born` then."""
END = "end.json"
"""How the agent ended."""
ASKED = "asked.json"
"""That the agent is to be ended: within which `grace`, in seconds."""
PROMPT = "prompt"
"""What the agent was told, with secrets masked."""
MARK = "VTM_KEEPER"
"""The variable in the environment of an agent and its processes by which they are known."""
NURSERY = "VTM_NURSERY"
"""The variable in the environment of keepers, and of what starts them, by which they are told from agents."""
_FAR = 200
_WRITE = os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC


def claim(place: str, content: dict[str, Any]) -> bool:
    """Become the keeper in `place`, once and for all; False where there is or was another one.

    The file appears locked and whole, so that nobody finds it and believes the keeper dead.
    """
    path, begun = f"{place}/{KEEPER}", f"{place}/{KEEPER}.{os.getpid()}"
    handle = os.open(begun, _WRITE, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX)
    os.write(handle, json.dumps(content).encode())
    try:
        os.link(begun, path)
    except FileExistsError:
        os.close(handle)
        return False
    finally:
        os.unlink(begun)  # noqa: PTH108  pathlib: 10 ms in a process that must start fast
    return True


def use_up(place: str) -> bool:
    """Let nobody become the keeper in `place` any more; False where there is or was one.

    Raises:
        OSError: The system refuses.
    """
    begun = f"{KEEPER}.{os.getpid()}.none"
    write(place, begun, {"pid": 0})
    try:
        os.link(f"{place}/{begun}", f"{place}/{KEEPER}")
    except FileExistsError:
        return False
    finally:
        os.unlink(f"{place}/{begun}")  # noqa: PTH108  pathlib: 10 ms in a process that must start fast
    return True


def hold(place: str) -> int:
    """Lock the file that the agent is to hold too; its handle, whose number no script uses by chance."""
    opened = os.open(f"{place}/{AGENT}", _WRITE, 0o600)
    handle = fcntl.fcntl(opened, fcntl.F_DUPFD_CLOEXEC, _FAR)
    os.close(opened)
    fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def reserve(place: str) -> None:
    """Make room for how it will end, so that a disk that is full by then cannot lose it."""
    with suppress(OSError):
        handle = os.open(f"{place}/{END}.new", _WRITE, 0o600)
        os.write(handle, b" " * 1024)
        os.close(handle)


def write(place: str, name: str, content: dict[str, Any]) -> None:
    """Put a file in its place, whole or not at all.

    Raises:
        OSError: The system refuses.
    """
    begun = f"{place}/{name}.new"
    handle = os.open(begun, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        os.write(handle, json.dumps(content).encode().ljust(1024))
    finally:
        os.close(handle)
    os.rename(begun, f"{place}/{name}")  # noqa: PTH104  pathlib: 10 ms in a process that must start fast


def read(place: str, name: str) -> dict[str, Any]:
    """What a file holds; empty where it is not there or is none of these."""
    try:
        with open(f"{place}/{name}", "rb") as file:  # noqa: PTH123  pathlib: 10 ms
            found = json.load(file)
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
