"""All numbers of an after-action review together, and their sums."""

from collections.abc import Sequence

from msgspec import Struct

from vtm.model.task import Timestamp
from vtm.queries.aar_numbers import (
    Blocker,
    Conflict,
    Done,
    GivenBack,
    Passed,
    Retried,
    Silence,
    SizeOutcome,
    Wip,
)


class Totals(Struct, frozen=True):
    """Sums.

    Attributes:
        events: Transitions in the period.
        measured: Of those completed, how many it is known of how long they took.
        in_estimate: Of those measured, how many took no longer than estimated; `over_estimate` the others.
        minutes: What the measured ones took; `estimate` what they were to take.
        at_once: Of those completed, how many did not fail, were not blocked, restarted or reopened.
        resolved: Of the blocks, how many ended with the task completed; `open`: how many did not end.
    """

    events: int = 0
    completed: int = 0
    measured: int = 0
    in_estimate: int = 0
    over_estimate: int = 0
    minutes: float = 0.0
    estimate: int = 0
    at_once: int = 0
    merged: int = 0
    abandoned: int = 0
    attempts: int = 0
    restarts: int = 0
    takeovers: int = 0
    reopened: int = 0
    blockers: int = 0
    resolved: int = 0
    open: int = 0
    given_back: int = 0
    conflicts: int = 0
    escapes: int = 0
    overrides: int = 0
    silent_minutes: float = 0.0


class Numbers(Struct, frozen=True, kw_only=True):
    """All numbers of a review.

    Attributes:
        since: As it was asked for; empty: from the beginning.
        end: Now where a task is still in progress or blocked, else when the last thing happened; null, as
            `start`, where nothing did.
        escapes: Changes that came with a scope escape; `overrides` are those that passed over any gate.
        unreadable: Numbers of lines of the journal that are no events, from 1.
    """

    since: str
    start: Timestamp | None
    end: Timestamp | None
    totals: Totals
    done: Sequence[Done]
    sizes: Sequence[SizeOutcome]
    retried: Sequence[Retried]
    blockers: Sequence[Blocker]
    given_back: Sequence[GivenBack]
    conflicts: Sequence[Conflict]
    escapes: Sequence[Passed]
    overrides: Sequence[Passed]
    silences: Sequence[Silence]
    wip: Wip
    unreadable: Sequence[int]
