"""The numbers of an after-action review: what they are of, and in which unit."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from vtm.model.task import Texts, Timestamp


class Outcome(StrEnum):
    """How a block ended.

    `resolved`: it was lifted, and the task is completed. `unblocked` and `reset`: it was lifted so, and the
    task is not completed yet. `undone`: by `vtm undo`, or because the entry was set as a whole.
    """

    RESOLVED = "resolved"
    UNBLOCKED = "unblocked"
    RESET = "reset"
    ABANDONED = "abandoned"
    UNDONE = "undone"
    OPEN = "open"


class Beyond(StrEnum):
    """What a silence is longer than: a lease, or what is set as `stale_after`."""

    LEASE = "lease"
    STALE = "stale_after"


class Done(Struct, frozen=True):
    """A task that was completed, and is.

    Attributes:
        size: As declared now; empty: nobody declares it any more.
        minutes: From when it was last taken up; null: nobody took it up, or for less than a minute.
        estimate: What its size is set to, in minutes; null: its size is not known.
    """

    task_id: str
    size: str
    completed_at: Timestamp
    minutes: float | None
    estimate: int | None

    @property
    def in_estimate(self) -> bool | None:
        """Whether it took no longer than estimated; None: nobody knows."""
        if self.minutes is None or self.estimate is None:
            return None
        return self.minutes <= self.estimate


class SizeOutcome(Struct, frozen=True):
    """What tasks of a size took: the `median` of those `measured`, beside the `estimate`, in minutes."""

    size: str
    measured: int
    median: float
    estimate: int


class Retried(Struct, frozen=True):
    """A task that did not go through at once.

    Attributes:
        attempts: How many verifications failed; `failures` says what.
        restarts: How often it was started after it had been taken up before.
        takeovers: How often it was taken over from somebody whose lease was over.
        reopened: How often it was reopened.
    """

    task_id: str
    attempts: int
    restarts: int
    takeovers: int
    reopened: int
    failures: Texts


class Blocker(Struct, frozen=True):
    """A block; `minutes` is how long it lasted, or has lasted. `codes` say what led to it."""

    task_id: str
    at: Timestamp
    reason: str
    tried: str
    suggestion: str
    codes: Texts
    end: Outcome
    ended_at: Timestamp | None
    minutes: float


class GivenBack(Struct, frozen=True):
    """A task that its holder or an abort gave back unfinished; `minutes` is how long it was held."""

    task_id: str
    at: Timestamp
    minutes: float
    reason: str


class Conflict(Struct, frozen=True):
    """Finished work that was handed back instead of merged; `completed_at`: it was completed again."""

    task_id: str
    at: Timestamp
    code: str
    reason: str
    completed_at: Timestamp | None


class Passed(Struct, frozen=True):
    """A change that came with codes: gates that were passed over, or what led to it."""

    task_id: str
    at: Timestamp
    event: str
    codes: Texts
    reason: str


class Silence(Struct, frozen=True):
    """Time in progress without any event; `lasts`: nothing has ended it yet."""

    task_id: str
    since: Timestamp
    until: Timestamp
    minutes: float
    beyond: Beyond
    lasts: bool


class WipStep(Struct, frozen=True):
    """From this moment on so many tasks were in progress."""

    at: Timestamp
    count: int


class Wip(Struct, frozen=True):
    """Work in progress over time.

    Attributes:
        limit: As set; 0: none.
        max: Most tasks at the same time.
        mean: Over the whole period, each moment counting alike.
    """

    limit: int
    max: int
    mean: float
    steps: Sequence[WipStep]
