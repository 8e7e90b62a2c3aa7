"""Runs a command for so long at most, and keeps the end of what it prints."""

import os
import selectors
import signal
import subprocess
import time
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from vtm.errors import ExternalError

_KEPT = 4000
TOO_LONG = 124
"""Exit code of what took too long, as `timeout` has it."""


class Ran(NamedTuple):
    """How a command ended.

    Attributes:
        exit_code: Or 128 and the number of the signal that killed it.
        digest: SHA-256 of all that it printed, in hex.
        end: The last of it, as text.
    """

    exit_code: int
    digest: str
    end: str


def run(command: str, folder: Path, limit: float) -> Ran:
    """Run `command` with the shell in `folder` for `limit` seconds at most; nothing of it lives on.

    Raises:
        ExternalError: It cannot be started.
    """
    process = _started(command, folder)
    digest, end = sha256(), b""
    until = time.monotonic() + limit
    with process, selectors.DefaultSelector() as ready:
        handle = process.stdout.fileno() if process.stdout else -1
        ready.register(handle, selectors.EVENT_READ)
        in_time = True
        while in_time and (in_time := bool(ready.select(max(0.0, until - time.monotonic())))):
            printed = os.read(handle, 65536)
            if not printed:
                break
            digest.update(printed)
            end = (end + printed)[-_KEPT:]
        if not in_time:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        code = process.wait()
    text = end.decode("utf-8", "replace").strip()
    if not in_time:
        return Ran(TOO_LONG, digest.hexdigest(), f"{text}\n(it took longer than {limit:g} s)".strip())
    return Ran(code if code >= 0 else 128 - code, digest.hexdigest(), text)


def _started(command: str, folder: Path) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(  # noqa: S602  the project's own command line, as in a Makefile
            command,
            cwd=folder,
            shell=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise ExternalError(
            f"{command} cannot be run: {error}", code="RUN-FAILED", fix="run it by hand to see what is wrong"
        ) from None
