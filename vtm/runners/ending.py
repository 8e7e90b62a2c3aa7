"""How an agent ended."""

import signal
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from vtm.runners.keeper.place import END, read


class How(StrEnum):
    """In which way an agent came to its end.

    `exited`: by itself, or by a signal that is not vtm's. `timeout`: it took too long. `ended`: somebody
    asked for it. `failed`: it was never started. `lost`: its keeper died, and nobody knows.
    """

    EXITED = "exited"
    TIMEOUT = "timeout"
    ENDED = "ended"
    FAILED = "failed"
    LOST = "lost"


class Ending(NamedTuple):
    """How an agent ended.

    Attributes:
        exit_code: Or 128 and the number of the signal that killed it; None: it never ran, or nobody knows.
        reason: One sentence.
        started_at: UTC; `ended_at` too. Both are None where nobody knows.
        bytes: How much it printed.
    """

    how: How
    exit_code: int | None = None
    reason: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    bytes: int = 0

    @property
    def timed_out(self) -> bool:
        """Whether it was ended because it took too long."""
        return self.how is How.TIMEOUT


def ending_of(place: Path) -> Ending | None:
    """How the agent of `place` ended, as far as that is written there."""
    found = read(str(place), END)
    try:
        how = How(found.get("how", ""))
        started, ended = (datetime.fromtimestamp(found[key], UTC) for key in ("started", "ended"))
        return Ending(how, found["exit_code"], _reason(how, found), started, ended, found["bytes"])
    except (KeyError, ValueError, TypeError, OverflowError):
        return None


def _reason(how: How, found: dict[str, Any]) -> str:
    code = found["exit_code"]
    match how:
        case How.EXITED if code is not None and code > 128 and code - 128 in signal.valid_signals():
            return f"it was killed by {signal.Signals(code - 128).name}"
        case How.EXITED:
            return f"it ended with exit code {code}"
        case How.TIMEOUT:
            return f"it took longer than {found['timeout']:g} s and was ended"
        case How.ENDED:
            return "it was ended from outside"
        case How.FAILED:
            return f"it cannot be started: {found['problem']}"
        case How.LOST:
            return "the process that kept it was killed, and what was left of it was ended"
