"""Looks for regular expressions in texts, in a process of its own that can be ended; run it as a script.

A regular expression may take for ever, and in the process that runs it nothing can stop it but the system.
This script imports nothing of vtm, so that it starts quickly. Standard input is one JSON object; on standard
output there is one line of JSON for each pattern before the next one is tried.
"""

import faulthandler
import json
import os
import re
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

_MOST = 1000
"""How many matches of one pattern are told."""


def matched(pattern: str, texts: Sequence[str]) -> dict[str, Any]:
    """Where `pattern` is in `texts`: at most 1000 places, how many there are, or why it is no pattern.

    Of each place the position of the text, the offset in it, and what was found there: the first group that
    took part and is not empty, else the whole.
    """
    try:
        compiled = re.compile(pattern, re.MULTILINE)
    except (re.error, RecursionError, OverflowError, MemoryError) as error:
        return {"places": [], "total": 0, "error": str(error) or "too large"}
    places: list[tuple[int, int, str]] = []
    total = 0
    for number, text in enumerate(texts):
        for match in compiled.finditer(text):
            group = next((each for each in range(1, len(match.groups()) + 1) if match[each]), 0)
            if match[group]:
                total += 1
                if len(places) < _MOST:
                    places.append((number, match.start(group), match[group]))
    return {"places": places, "total": total, "error": ""}


def answers(asked: dict[str, Any]) -> Iterator[bytes]:
    """One line for each pattern."""
    for pattern in asked["patterns"]:
        _end_after(asked["seconds"])
        yield json.dumps(matched(pattern, asked["texts"])).encode() + b"\n"


def _end_after(seconds: float) -> None:
    """Let the system end this process once it has computed for so long from now on."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    else:  # Windows; there the clock counts
        faulthandler.dump_traceback_later(seconds, exit=True, file=Path(os.devnull).open("w"))  # noqa: SIM115  until the end


if __name__ == "__main__":
    for line in answers(json.loads(sys.stdin.buffer.read())):
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()
