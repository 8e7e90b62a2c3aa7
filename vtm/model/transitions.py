"""What may happen to a task in which status, and what it changes: the one place that knows."""

from types import MappingProxyType

from msgspec.structs import replace

from vtm.errors import ConflictError
from vtm.model.effects import applied
from vtm.model.event import Event, Kind
from vtm.model.state import UNTOUCHED, TaskState
from vtm.model.status import Status
from vtm.model.task import Task

MOST_ATTEMPTS = 3
"""After so many failed verifications only a safe exit is accepted."""

_PENDING, _RUNNING, _BLOCKED = Status.PENDING, Status.IN_PROGRESS, Status.BLOCKED
_DONE, _ABANDONED = Status.COMPLETED, Status.ABANDONED

TRANSITIONS = MappingProxyType(
    {
        (_PENDING, Kind.START): _RUNNING,
        (_PENDING, Kind.BLOCK): _BLOCKED,
        (_PENDING, Kind.ABANDON): _ABANDONED,
        (_PENDING, Kind.WAIVE): _PENDING,
        (_PENDING, Kind.NOTE): _PENDING,
        (_PENDING, Kind.HANDOFF): _PENDING,
        (_RUNNING, Kind.TAKEOVER): _RUNNING,
        (_RUNNING, Kind.RELEASE): _PENDING,
        (_RUNNING, Kind.MEET): _RUNNING,
        (_RUNNING, Kind.UNMEET): _RUNNING,
        (_RUNNING, Kind.ATTEMPT): _RUNNING,
        (_RUNNING, Kind.BLOCK): _BLOCKED,
        (_RUNNING, Kind.COMPLETE): _DONE,
        (_RUNNING, Kind.ABANDON): _ABANDONED,
        (_RUNNING, Kind.RESET): _PENDING,
        (_RUNNING, Kind.WAIVE): _RUNNING,
        (_RUNNING, Kind.NOTE): _RUNNING,
        (_RUNNING, Kind.HANDOFF): _RUNNING,
        (_BLOCKED, Kind.UNBLOCK): _PENDING,
        (_BLOCKED, Kind.ABANDON): _ABANDONED,
        (_BLOCKED, Kind.RESET): _PENDING,
        (_BLOCKED, Kind.WAIVE): _BLOCKED,
        (_BLOCKED, Kind.NOTE): _BLOCKED,
        (_BLOCKED, Kind.HANDOFF): _BLOCKED,
        (_DONE, Kind.REOPEN): _PENDING,
        (_DONE, Kind.MERGE): _DONE,
        (_DONE, Kind.NOTE): _DONE,
        (_DONE, Kind.HANDOFF): _DONE,
        (_ABANDONED, Kind.REOPEN): _PENDING,
        (_ABANDONED, Kind.NOTE): _ABANDONED,
        (_ABANDONED, Kind.HANDOFF): _ABANDONED,
    }
)
"""Status and kind of event to the status after it. What is not here is refused."""

ANYWHERE = frozenset({Kind.IMPORT, Kind.UNDO, Kind.DROP})
"""Kinds that set or take away a whole entry; no command asks for them as such."""


_COMMANDS = {
    Kind.MEET: "ac",
    Kind.UNMEET: "ac --undo",
    Kind.TAKEOVER: "start --agent once its lease is over",
}
"""What a user types for a kind that is not called like its command."""


class IllegalTransitionError(ConflictError):
    """What was asked cannot happen to a task in its status."""


def target(task_id: str, now: Status, kind: Kind) -> Status:
    """The status after `kind` has happened to a task that is `now`.

    Raises:
        IllegalTransitionError: It cannot happen then.
    """
    after = TRANSITIONS.get((now, kind))
    if after is not None:
        return after
    legal = ", ".join(_COMMANDS.get(each, each) for status, each in TRANSITIONS if status is now)
    ways = [(start, end) for (start, each), end in TRANSITIONS.items() if each is kind]
    starts, ends = (" or ".join(dict.fromkeys(way[side] for way in ways)) for side in (0, 1))
    raise IllegalTransitionError(
        f"cannot {kind} {task_id}: it is {now}, and that goes from {starts} to {ends}",
        code="ILLEGAL-TRANSITION",
        fix=f"what can happen to a task that is {now}: {legal}",
    )


def advance(task: Task | None, state: TaskState, event: Event) -> TaskState:
    """The state after `event`, which must be legal; `task` tells which criteria are left then.

    Raises:
        IllegalTransitionError: It cannot happen to a task with this status.
    """
    if event.event not in ANYWHERE:
        target(event.task, state.status, event.event)
    after = applied(state, event) or UNTOUCHED
    return after if task is None else replace(after, acs_remaining=after.left(task))
