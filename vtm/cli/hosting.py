"""Events of agents: from standard input to standard output, and silence when in doubt.

Agents call hooks around every use of a tool, so this loads no click.
"""

import os
import sys
from datetime import datetime
from pathlib import Path

from vtm.cli.output import flush, open_streams, write
from vtm.cli.stdin import read_stdin
from vtm.errors import ExitCode
from vtm.integrations.hooks.answering import answer


def host(name: str, folder: Path = Path(), now: datetime | None = None) -> int:
    """Answer an event; always 0.

    A hook must never break its host, which goes on without what could not be said. With VTM_DEBUG=1 it is
    told on stderr.
    """
    open_streams()
    try:
        said = answer(name, _input(), folder, now)
        if said:
            write(said)
            flush()
    except Exception:  # noqa: BLE001  whatever is wrong with vtm, its host goes on
        if os.environ.get("VTM_DEBUG"):
            from traceback import format_exc  # noqa: PLC0415  5 ms, only for who asks

            sys.stderr.write(format_exc())
    return ExitCode.OK


def _input() -> bytes:
    """All that the host has to say; nobody who calls it by hand is waited for."""
    return b"" if sys.stdin is None or sys.stdin.isatty() else read_stdin()
