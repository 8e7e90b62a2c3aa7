"""Batches: tasks that one coordinator gives out in waves, and the steps that each of them goes through."""

from enum import StrEnum
from types import MappingProxyType

from msgspec import Struct

from vtm.errors import ConflictError
from vtm.model.status import Status
from vtm.model.task import Timestamp

LONGEST_ID = 100
"""Characters of the id of a batch."""


class Mark(StrEnum):
    """How a task of a batch stands: O, i, I and Q in turn; the words are for what is no step of a batch.

    Only `Q` is recorded. All others are what state and backlog say of the task itself, so that a batch cannot
    contradict them: O is pending, i is in progress, I is completed. `gone`: nobody declares it any more.
    """

    OPEN = "O"
    WORK = "i"
    DONE = "I"
    RELEASED = "Q"
    BLOCKED = "blocked"
    ABANDONED = "abandoned"
    GONE = "gone"


class Step(StrEnum):
    """What is done to a task of a batch, or by `finish` to all of them; called like its command."""

    START = "start"
    COMPLETE = "complete"
    RESET = "reset"
    FINISH = "finish"


MARKS = MappingProxyType(
    {
        Status.PENDING: Mark.OPEN,
        Status.IN_PROGRESS: Mark.WORK,
        Status.COMPLETED: Mark.DONE,
        Status.BLOCKED: Mark.BLOCKED,
        Status.ABANDONED: Mark.ABANDONED,
    }
)
"""How a task with a status stands, as long as its batch is not finished."""

STEPS = MappingProxyType(
    {
        Mark.OPEN: (Step.START,),
        Mark.WORK: (Step.COMPLETE, Step.RESET),
        Mark.DONE: (Step.FINISH, Step.RESET),
        Mark.RELEASED: (),
        Mark.BLOCKED: (Step.RESET,),
        Mark.ABANDONED: (Step.RESET,),
        Mark.GONE: (),
    }
)
"""What may be done to a task that stands so. What is not here is refused."""


class LockedBatch(Struct, frozen=True):
    """A batch as it is recorded.

    Attributes:
        size: How many tasks it was to hold at most.
        wave: How many of them are launched together at most.
        finished_at: None: it is not finished.
    """

    id: str
    size: int
    wave: int
    locked_at: Timestamp
    finished_at: Timestamp | None = None


class Place(Struct, frozen=True):
    """A task in a batch; `held`: the batch is not finished, and no other one may have the task."""

    batch: str
    task: str
    held: bool


class OutOfOrderError(ConflictError):
    """A step of a batch that is not legal as things stand."""


def mark_of(status: Status | None, *, released: bool) -> Mark:
    """How a task of a batch stands whose status is `status`; None: nobody declares it."""
    if released:
        return Mark.RELEASED
    return Mark.GONE if status is None else MARKS[status]


def refuse_out_of_order(task_id: str, batch: str, mark: Mark | None, step: Step) -> Mark:
    """`mark` itself, where `step` is legal for a task that stands so; None: it is in no batch.

    Raises:
        OutOfOrderError: It is not.
    """
    if mark is None:
        raise OutOfOrderError(
            f"cannot {step} {task_id} in a batch: it is in none",
            code="OUT-OF-ORDER",
            fix="legal: `vtm batch lock`, which takes it in once it can be started",
        )
    if step not in STEPS[mark]:
        raise OutOfOrderError(
            f"cannot {step} {task_id}: in batch {batch} it is {mark}", code="OUT-OF-ORDER", fix=_legal(mark)
        )
    return mark


def _legal(mark: Mark) -> str:
    if mark is Mark.RELEASED:
        return "legal: nothing, its batch is finished; `vtm reopen` makes it a task for another one"
    if mark is Mark.GONE:
        return "legal: nothing but `vtm batch finish --without` with its id, or declare it again"
    return f"legal: {', '.join(f'`vtm batch {each}`' for each in STEPS[mark])}"
