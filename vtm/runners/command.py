"""Runs a command and keeps what shows how it went."""

import os
import select
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from vtm.errors import ExternalError

_GRACE = 1.0
"""Seconds that a command gets to end by itself when vtm is interrupted."""
_READ = 65536
_DRAIN = 64
"""Reads after the end of the shell, after which the rest of what was printed is left."""


class Ended(NamedTuple):
    """How a command ended.

    Attributes:
        exit_code: Or 128 and the number of the signal that killed it.
        digest: SHA-256 of all it printed, in hex.
    """

    exit_code: int
    digest: str


def run(command: str, folder: Path, echo: Callable[[bytes], None]) -> Ended:
    """Run `command` with the shell in `folder`; what it prints, to either stream, is handed to `echo`.

    It is over when the shell is. What it has started in the background is ended then, and all of it when this
    is interrupted.

    Raises:
        ExternalError: It cannot be started.
    """
    digest = sha256()
    try:
        process = subprocess.Popen(  # noqa: S602  the caller's own command line, as in a Makefile
            command,
            cwd=folder,
            shell=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=os.name != "nt",
        )
    except (OSError, ValueError) as error:
        raise ExternalError(
            f"{command} cannot be run: {error}", code="RUN-FAILED", fix="run it by hand to see what is wrong"
        ) from None
    with process:
        try:
            for printed in _printed(process):
                digest.update(printed)
                echo(printed)
            code = process.wait()
        finally:
            if process.returncode is None:
                _interrupted(process)
    return Ended(code if code >= 0 else 128 - code, digest.hexdigest())


def _printed(process: subprocess.Popen[bytes]) -> Iterator[bytes]:
    """What a command prints until its shell is over; then what is in the background is ended."""
    handle = process.stdout.fileno() if process.stdout else -1
    try:
        shell = os.pidfd_open(process.pid)
    except (AttributeError, OSError):  # not on this system; there the end of what is printed is waited for
        while printed := os.read(handle, _READ):
            yield printed
        process.wait()
        return
    try:
        poll = select.poll()
        poll.register(shell, select.POLLIN)
        poll.register(handle, select.POLLIN)
        left, over, ready = _DRAIN, False, dict(poll.poll())
        while left and ready:
            if shell in ready:
                poll.unregister(shell)
                _send(process.pid, signal.SIGKILL)  # its number is taken as long as nobody has waited for it
            elif not (printed := os.read(handle, _READ)):
                poll.unregister(handle)
            else:
                yield printed
            over = over or shell in ready
            left -= over
            ready = dict(poll.poll(0 if over else None))
    finally:
        os.close(shell)


def _interrupted(process: subprocess.Popen[bytes]) -> None:
    """End a command that runs, politely and then for certain."""
    if os.name == "nt":
        process.kill()
        return
    _send(process.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE)
    _send(process.pid, signal.SIGKILL)


def _send(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
