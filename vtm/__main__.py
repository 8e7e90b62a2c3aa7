"""Where a process of vtm starts."""

import gc
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from vtm.cli import EVENTS


def run() -> NoReturn:
    """Run the command line of this process and end it.

    A command lives for milliseconds, and what it allocates is nearly all kept: the cyclic collector and the
    interpreter's teardown would take a quarter of the time of `vtm next` and give nothing back.
    """
    gc.disable()
    code = _code(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    os._exit(code)


def _code(arguments: Sequence[str]) -> int:
    """Run the command; what clients of agents call around every use of a tool needs no command line."""
    if len(arguments) == 2 and arguments[0] == "hook" and arguments[1] in EVENTS:
        from vtm.cli.hosting import host  # noqa: PLC0415  after the collector is off

        return host(arguments[1])
    from vtm.cli.main import run as run_command  # noqa: PLC0415  after the collector is off

    return run_command(arguments)


if __name__ == "__main__":
    run()
