"""Runs a command, for so long at most, and keeps what shows how it went."""

import os
import select
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from vtm.errors import ExternalError
from vtm.model.gate_settings import TOO_LONG

_GRACE = 1.0
"""Seconds that a command gets to end by itself when vtm is interrupted."""
_READ = 65536
_DRAIN = 64
"""Reads after the end of the shell, after which the rest of what was printed is left."""
_KEPT = 4000
"""How many bytes of the end of what a command printed are kept."""
Echo = Callable[[bytes], None]


class Ended(NamedTuple):
    """How a command ended.

    Attributes:
        exit_code: Or 128 and the number of the signal that killed it; `TOO_LONG`: it was ended.
        digest: SHA-256 of all it printed, in hex.
        end: The last of it, as text; where it took too long, that this is so.
    """

    exit_code: int
    digest: str
    end: str


def run(command: str, folder: Path, echo: Echo = lambda _: None, limit: float = 0) -> Ended:
    """Run `command` with the shell in `folder`; what it prints, to either stream, is handed to `echo`.

    It is over when the shell is, or after `limit` seconds; 0: no limit, nor is there one on Windows. What it
    has started in the background is ended then, and all of it when this is interrupted.

    Raises:
        ExternalError: It cannot be started.
    """
    digest, end = sha256(), b""
    until = monotonic() + limit if limit else None
    with _started(command, folder) as process:
        try:
            for printed in _printed(process, until):
                digest.update(printed)
                end = (end + printed)[-_KEPT:]
                echo(printed)
            code = process.wait(None if until is None else max(0.0, until - monotonic()))
        except (TimeoutError, subprocess.TimeoutExpired):
            code = TOO_LONG
            end = end.rstrip() + f"\n(it took longer than {limit:g} s)".encode()
        finally:
            if process.returncode is None:
                _interrupted(process)
    return Ended(
        code if code >= 0 else 128 - code, digest.hexdigest(), end.decode("utf-8", "replace").strip()
    )


def _started(command: str, folder: Path) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(  # noqa: S602  the caller's own command line, as in a Makefile
            command,
            cwd=folder,
            shell=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=os.name != "nt",
        )
    except (OSError, ValueError) as error:
        raise ExternalError(
            f"{command} cannot be run: {error}", code="RUN-FAILED", fix="run it by hand to see what is wrong"
        ) from None


def _printed(process: "subprocess.Popen[bytes]", until: float | None) -> Iterator[bytes]:
    """What a command prints until its shell is over; then what is in the background is ended.

    Raises:
        TimeoutError: It is `until` before that.
    """
    handle = process.stdout.fileno() if process.stdout else -1
    try:
        shell = os.pidfd_open(process.pid)
    except (AttributeError, OSError):  # not on this system; there the end of what is printed is waited for
        shell = -1
    if os.name == "nt":  # where a pipe cannot be polled
        while printed := os.read(handle, _READ):
            yield printed
        return
    try:
        poll = select.poll()
        for each in {handle, shell} - {-1}:
            poll.register(each, select.POLLIN)
        left, over, ready = _DRAIN, False, _ready(poll, until)
        while left and ready:
            if shell in ready:
                poll.unregister(shell)
                _send(process.pid, signal.SIGKILL)  # its number is taken as long as nobody has waited for it
            elif printed := os.read(handle, _READ):
                yield printed
            elif shell == -1:
                break
            else:
                poll.unregister(handle)
            over = over or shell in ready
            left -= over
            ready = dict(poll.poll(0)) if over else _ready(poll, until)
    finally:
        if shell != -1:
            os.close(shell)


def _ready(poll: "select.poll", until: float | None) -> dict[int, int]:
    """What can be read, once anything can.

    Raises:
        TimeoutError: It is `until` by then.
    """
    left = None if until is None else until - monotonic()
    found = dict(poll.poll(left and left * 1000)) if left is None or left > 0 else {}
    if not found:  # also where it prints faster than that is handed on
        raise TimeoutError
    return found


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
