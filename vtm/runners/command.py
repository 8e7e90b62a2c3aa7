"""Runs a command and keeps what shows how it went."""

import os
import subprocess
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from vtm.errors import ExternalError


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

    Raises:
        ExternalError: It cannot be started.
    """
    digest = sha256()
    try:
        with subprocess.Popen(  # noqa: S602  the caller's own command line, as in a Makefile
            command, cwd=folder, shell=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as process:
            while process.stdout and (printed := os.read(process.stdout.fileno(), 65536)):
                digest.update(printed)
                echo(printed)
        code = process.wait()
    except (OSError, ValueError) as error:
        raise ExternalError(
            f"{command} cannot be run: {error}", code="RUN-FAILED", fix="run it by hand to see what is wrong"
        ) from None
    return Ended(code if code >= 0 else 128 - code, digest.hexdigest())
