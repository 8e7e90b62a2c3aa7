"""How far things are."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from vtm.graph.readiness import Readiness
from vtm.graph.roots import Cause, Root, roots_of_stuck
from vtm.model.backlog import Backlog
from vtm.model.status import Risk, Status
from vtm.model.task import Task

SHOWN = 5
"""How many eligible tasks a pulse names."""


class Progress(Struct, frozen=True):
    """Completed of all; `percent` has one decimal."""

    percent: float
    completed: int
    total: int


class HighRisk(Struct, frozen=True):
    """High tasks; remaining are those pending, in progress or blocked."""

    completed: int
    remaining: int


class Aged(Struct, frozen=True):
    """A task and a moment in its life; `seconds` is how long ago that was, null where unknown."""

    task_id: str
    at: datetime | None
    seconds: int | None


class Running(Struct, frozen=True):
    """A task in progress, with how many of its criteria are met and left."""

    task_id: str
    acs_completed: int
    acs_remaining: int


class Pulse(Struct, frozen=True, tag_field="schema", tag="vtm.pulse/1"):
    """The state of the work at one moment.

    Attributes:
        phase: Of the first task in progress, else of the next eligible one, else of the last completed.
        next_eligible: The first five in the order of selection.
        more_eligible: How many there are beyond these.
        blockers: Tasks with status blocked, then what everything stuck goes back to.
    """

    at: datetime
    phase: str
    slice: str
    tasks: dict[str, int]
    progress: Progress
    high_risk: HighRisk
    latest_completed: Aged | None
    in_progress: Sequence[Running]
    next_eligible: Sequence[str]
    more_eligible: int
    blockers: Sequence[Root]
    oldest_in_progress: Aged | None


def pulse(backlog: Backlog, readiness: Readiness, now: datetime) -> Pulse:
    """The state of the work at `now`."""
    counts = tally(readiness)
    running = readiness.tasks_with(Status.IN_PROGRESS)
    eligible = readiness.ordered(readiness.eligible)
    completed = last_completed(backlog, readiness)
    here = next(iter([*running[:1], *eligible[:1], *completed[:1]]), None)
    done, total = counts[Status.COMPLETED], len(backlog.tasks)
    return Pulse(
        at=now,
        phase=here.phase if here else "",
        slice=here.slice if here else "",
        tasks=counts,
        progress=Progress(percent(done, total), done, total),
        high_risk=_high_risk(backlog, readiness),
        latest_completed=_completed(backlog, completed, now),
        in_progress=[how_far(backlog, task) for task in running],
        next_eligible=[task.task_id for task in eligible[:SHOWN]],
        more_eligible=max(0, len(eligible) - SHOWN),
        blockers=blockers(readiness),
        oldest_in_progress=_oldest(backlog, running, now),
    )


def tally(readiness: Readiness) -> dict[str, int]:
    """How many tasks have each status; every status is there."""
    counts = dict.fromkeys((status.value for status in Status), 0)
    for status in readiness.statuses.values():
        counts[status.value] += 1
    return counts


def percent(part: int, whole: int) -> float:
    """`part` of `whole` in percent, one decimal, halves up; 0 of 0 is 0."""
    return (part * 2000 + whole) // (2 * whole) / 10 if whole else 0.0


def blockers(readiness: Readiness) -> list[Root]:
    """Tasks with status blocked, then what everything stuck goes back to."""
    blocked = [Root(Cause.BLOCKED, (task.task_id,)) for task in readiness.tasks_with(Status.BLOCKED)]
    return blocked + roots_of_stuck(readiness, readiness.stuck)


def last_completed(backlog: Backlog, readiness: Readiness) -> list[Task]:
    """Completed tasks, the latest first; those without a time come last, as declared."""
    done = readiness.tasks_with(Status.COMPLETED)

    def when(task: Task) -> float:
        moment = backlog.state_of(task).completed_at
        return -moment.timestamp() if moment else float("inf")

    return sorted(done, key=when)


def _high_risk(backlog: Backlog, readiness: Readiness) -> HighRisk:
    statuses = [readiness.statuses[task.task_id] for task in backlog.tasks if task.risk is Risk.HIGH]
    done, dropped = statuses.count(Status.COMPLETED), statuses.count(Status.ABANDONED)
    return HighRisk(done, len(statuses) - done - dropped)


def how_far(backlog: Backlog, task: Task) -> Running:
    """How many of a task's criteria are met and left."""
    left = len(backlog.state_of(task).left(task))
    return Running(task.task_id, len(task.acceptance_criteria) - left, left)


def _completed(backlog: Backlog, completed: Sequence[Task], now: datetime) -> Aged | None:
    return aged(completed[0], backlog.state_of(completed[0]).completed_at, now) if completed else None


def _oldest(backlog: Backlog, running: Sequence[Task], now: datetime) -> Aged | None:
    started = [(moment, task) for task in running if (moment := backlog.state_of(task).started_at)]
    if started:
        moment, task = min(started, key=lambda each: each[0])
        return aged(task, moment, now)
    return aged(running[0], None, now) if running else None


def aged(task: Task, moment: datetime | None, now: datetime) -> Aged:
    """A task with a moment in its life and how long ago that was; never less than 0."""
    seconds = max(0, int((now - moment).total_seconds())) if moment else None
    return Aged(task.task_id, moment, seconds)
