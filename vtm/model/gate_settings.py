"""Settings of commands that have to succeed before work goes on."""

from msgspec import Struct


class PhaseGate(Struct, frozen=True, forbid_unknown_fields=True):
    """Commands around a phase, where they are others than those of `Gate`.

    Attributes:
        before: Before its first task; empty: those of `[gate] before`.
        after: After its last task; empty: those of `[gate] after`.
    """

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


class Gate(Struct, frozen=True, forbid_unknown_fields=True):
    """Commands that say whether work may go on.

    Attributes:
        before: Before the first task of a phase.
        after: After each task, on what was merged, and after the last task of a phase.
        phase: Other ones for phases.
    """

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    review: tuple[str, ...] = ()
    phase: PhaseGate = PhaseGate()

    def of_phase(self, *, before: bool) -> tuple[str, ...]:
        """The commands before, or after, a phase."""
        return (self.phase.before or self.before) if before else (self.phase.after or self.after)


TOO_LONG = 124
"""Exit code of what took too long, as `timeout` of GNU coreutils has it."""
NOT_STARTED = frozenset({126, 127})
"""Exit codes with which a shell says that there is no such program, or that it cannot be run.

Source: POSIX.1-2017, XCU 2.8.2.
"""
