"""Sessions that were ended."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct


class Outcome(StrEnum):
    """What came of ending a session.

    `ended`: this call ended it. `over`: it was over already. `left`: it goes on.
    """

    ENDED = "ended"
    OVER = "over"
    LEFT = "left"


class AbortedSession(Struct, frozen=True):
    """One session that was to be ended.

    Attributes:
        released: Whether its task was given back and is pending again.
        reason: Why it is over or goes on, or why its task was not given back; empty: no need to say.
    """

    session: str
    task_id: str
    outcome: Outcome
    released: bool
    reason: str


class Aborted(Struct, frozen=True, tag_field="schema", tag="vtm.abort/1"):
    """Sessions that were to be ended, the one that was named first; `left` is how many go on."""

    sessions: Sequence[AbortedSession]
    ended: int
    left: int


def aborted_sessions(sessions: Sequence[AbortedSession]) -> Aborted:
    """The answer for `sessions`."""
    outcomes = [each.outcome for each in sessions]
    return Aborted(sessions, outcomes.count(Outcome.ENDED), outcomes.count(Outcome.LEFT))
