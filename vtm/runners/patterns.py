"""Looks for the patterns of a project, which may be wrong or take for ever."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from vtm.errors import ExternalError

SECONDS = 1.0
"""How long one pattern may compute."""
_WORKER = Path(__file__).with_name("pattern_worker.py")
_OVER = 1 if os.name == "nt" else -26
"""How the worker ends when its time is over: by SIGVTALRM, which is 26 on Linux and macOS."""


class Place(NamedTuple):
    """Where a pattern was found.

    Attributes:
        text: The position of the text.
        offset: In that text, in characters.
        found: What stands there.
    """

    text: int
    offset: int
    found: str


class Matches(msgspec.Struct, frozen=True):
    """Where one pattern was found.

    Attributes:
        places: The first thousand.
        total: How many there are.
        error: Why it is no regular expression; empty: it is one.
        slow: Whether it was ended because it takes too long.
    """

    places: tuple[Place, ...] = ()
    total: int = 0
    error: str = ""
    slow: bool = False


def find(patterns: Mapping[str, str], texts: Sequence[str]) -> dict[str, Matches]:
    """Where each pattern, which has a name, is in `texts`; after one that is wrong or too slow come no more.

    Raises:
        ExternalError: No process can be started for it.
    """
    asked = {"patterns": list(patterns.values()), "texts": texts, "seconds": SECONDS}
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(_WORKER)],
            input=msgspec.json.encode(asked),
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise _failed(str(error)) from None
    answers = [msgspec.json.decode(line, type=Matches) for line in done.stdout.splitlines()]
    found = dict(zip(patterns, answers, strict=False))
    if done.returncode == _OVER and len(answers) < len(patterns):
        found[list(patterns)[len(answers)]] = Matches(error="takes more than a second", slow=True)
    elif done.returncode:
        raise _failed(f"exit code {done.returncode}")
    return found


def _failed(reason: str) -> ExternalError:
    return ExternalError(
        f"the process that looks for patterns failed: {reason}",
        code="PRESCAN-FAILED",
        fix="run `vtm doctor`, and try with fewer patterns under [prescan]",
    )
