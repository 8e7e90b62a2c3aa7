"""Starts the agent."""

import os
import signal
from typing import Any, NamedTuple

_RESET = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE, signal.SIGXFSZ, signal.SIGCHLD)


class Started(NamedTuple):
    """An agent that runs: its id, which is that of its group, and the ends of what it prints."""

    pid: int
    out: int
    err: int


def start(asked: dict[str, Any], lock: int) -> Started:
    """Start the agent in its folder and in a group of its own, with `lock` among what it inherits.

    It reads its prompt from a file, so that nobody waits for one that does not read.

    Raises:
        OSError: There is no such program or folder, or the system refuses.
    """
    os.chdir(asked["folder"])
    os.environ["PATH"] = asked["environment"].get("PATH", os.defpath)  # where posix_spawnp looks
    stdin = _filled(asked["place"], asked["stdin"].encode("utf-8", "replace"))
    out, their_out = os.pipe()
    err, their_err = os.pipe()
    os.set_inheritable(lock, True)
    try:
        pid = os.posix_spawnp(
            asked["argv"][0],
            asked["argv"],
            asked["environment"],
            file_actions=[
                (os.POSIX_SPAWN_DUP2, stdin, 0),
                (os.POSIX_SPAWN_DUP2, their_out, 1),
                (os.POSIX_SPAWN_DUP2, their_err, 2),
            ],
            setpgroup=0,
            setsigdef=_RESET,
            setsigmask=(),
        )
    finally:
        os.set_inheritable(lock, False)
        for handle in (stdin, their_out, their_err):
            os.close(handle)
        os.chdir("/")
    for handle in (out, err):
        os.set_blocking(handle, False)
    return Started(pid, out, err)


def _filled(place: str, content: bytes) -> int:
    """A file without a name that holds `content` and is at its beginning."""
    if hasattr(os, "memfd_create"):
        handle = os.memfd_create("prompt")
    else:
        path = f"{place}/stdin"
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        os.unlink(path)  # noqa: PTH108  pathlib: 10 ms in a process that must start fast
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(handle, rest) :]
    os.lseek(handle, 0, os.SEEK_SET)
    return handle
