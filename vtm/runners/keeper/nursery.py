"""The nursery: a small process that starts keepers when it is asked to; each outlives it.

It is asked by one line of JSON on its standard input, which is a socket, and answers with another. It ends
when the other side does.
"""

import json
import os
import signal
from contextlib import suppress
from typing import Any

from vtm.runners.keeper.children import prepare
from vtm.runners.keeper.keeper import keep


def main() -> None:
    """Answer until nobody asks any more."""
    prepare()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system forgets each keeper by itself
    with os.fdopen(0, "rb", closefd=False) as requests:
        for line in requests:
            answer = _forked(json.loads(line))
            while answer:
                answer = answer[os.write(0, answer) :]


def _forked(asked: dict[str, Any]) -> bytes:
    """What the keeper that is started for it answers, which is a line; an empty one where it died before."""
    answer, theirs = os.pipe()
    if os.fork() == 0:
        os.close(answer)
        _be_keeper(asked, theirs)
    os.close(theirs)
    with os.fdopen(answer, "rb") as file:
        return file.read() or b"{}\n"


def _be_keeper(asked: dict[str, Any], answer: int) -> None:
    """Be a keeper in a session of its own, and never come back."""

    def reply(content: dict[str, Any]) -> None:
        with suppress(OSError):  # the nursery was killed meanwhile: the agent runs, and is to be kept
            os.write(answer, json.dumps(content).encode() + b"\n")
        os.close(answer)

    try:
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDWR)
        for handle in (0, 1, 2):
            os.dup2(nothing, handle)
        for number in (signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        keep(asked, reply)
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
