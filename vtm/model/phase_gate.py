"""Gates at the borders of phases: commands that have to succeed before work goes on."""

from enum import StrEnum

from msgspec import Struct

from vtm.model.task import Texts, Timestamp


class Side(StrEnum):
    """At which border of a phase: before its first task, or after its last."""

    BEFORE = "before"
    AFTER = "after"


class Outcome(StrEnum):
    """How a gate stands.

    `unset`: no command is set. `due`: it has not run yet. `waiting`: it cannot be judged yet, since
    not all work of the phase is done and on main. `passed` and `failed` are how it ended when it last ran.
    """

    UNSET = "unset"
    DUE = "due"
    WAITING = "waiting"
    PASSED = "passed"
    FAILED = "failed"


class GateRun(Struct, frozen=True):
    """How the gate at one border of a phase ended when it last ran.

    Attributes:
        commands: That were set then, a line each.
        work: What the epochs of the tasks of the phase came to, behind it: that grows when one is begun anew.
        command: The one that failed; empty: none did.
        exit_code: Of the one that failed, or 128 and the number of the signal that killed it.
        commit: Full id of the commit that was checked out; empty: none.
        output: The end of what that command printed.
    """

    phase: str
    side: Side
    at: Timestamp
    commands: str
    passed: bool
    work: int = 0
    command: str = ""
    exit_code: int = 0
    commit: str = ""
    output: str = ""


class Gated(Struct, frozen=True):
    """What the gate at one border of a phase says.

    Attributes:
        ran: Whether it ran now, or had before.
        reason: Why it waits, or how it failed, as a sentence; else empty.
        last: How it ended; None: it has not run.
    """

    phase: str
    side: Side
    outcome: Outcome
    ran: bool = False
    reason: str = ""
    last: GateRun | None = None

    @property
    def stops(self) -> bool:
        """Whether work must not go on."""
        return self.outcome is Outcome.FAILED

    @property
    def why(self) -> str:
        """Why work must not go on; empty: it may."""
        return self.reason or f"the gate {self.side} {self.phase} failed" if self.stops else ""


def lines_of(commands: Texts) -> str:
    """Commands as they are remembered."""
    return "\n".join(commands)
