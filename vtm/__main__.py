"""Where a process of vtm starts."""

import gc
import os
import sys
from typing import NoReturn


def run() -> NoReturn:
    """Run the command line of this process and end it.

    A command lives for milliseconds, and what it allocates is nearly all kept: the cyclic collector and the
    interpreter's teardown would take a quarter of the time of `vtm next` and give nothing back.
    """
    gc.disable()
    from vtm.cli.main import run as run_command  # noqa: PLC0415  after the collector is off

    code = run_command(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    os._exit(code)


if __name__ == "__main__":
    run()
