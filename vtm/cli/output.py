"""Standard output: UTF-8 whatever the locale says, and what happens when it cannot be written."""

import os
import sys
from pathlib import Path

from vtm.errors import ExternalError


class NobodyReadsError(Exception):
    """Whoever read standard output has gone, as `head` does; not an `OSError`, which click would catch."""


class OutputError(ExternalError):
    """Standard output cannot be written."""


def open_streams() -> None:
    """Give a process that was started with a closed stream one that swallows everything."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  until the end


def write(text: str) -> None:
    """Print `text` and a line end."""
    try:
        sys.stdout.buffer.write(text.encode() + b"\n")
    except OSError as error:
        _give_up(error)


def flush() -> None:
    """Hand on what was written.

    Raises:
        NobodyReadsError: Nobody wants it.
        OutputError: It cannot be written, for example because a disk is full.
    """
    try:
        sys.stdout.flush()
    except OSError as error:
        _give_up(error)


def _give_up(error: OSError) -> None:
    """Let what is left go nowhere, so that ending the process does not fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        raise NobodyReadsError from None
    reason = (error.strerror or "it failed").lower()
    raise OutputError(
        f"standard output cannot be written: {reason}",
        code="OUTPUT-FAILED",
        fix="write it to another place",
    ) from None
