"""What to start now."""

from collections.abc import Callable, Sequence
from enum import StrEnum

from msgspec import Struct

from vtm.graph.readiness import Readiness
from vtm.model.finding import Finding
from vtm.model.status import Risk, Status
from vtm.model.task import Task
from vtm.queries.card import TaskCard, card_fields
from vtm.queries.filters import Filters

TAG = "vtm.next/1"


class Tdd(StrEnum):
    """Whether tests come first, by risk."""

    REQUIRED = "required"
    RECOMMENDED = "recommended"
    OPTIONAL = "optional"


TDD = {Risk.HIGH: Tdd.REQUIRED, Risk.MEDIUM: Tdd.RECOMMENDED, Risk.LOW: Tdd.OPTIONAL}


class Skipped(Struct, frozen=True):
    """An eligible task that cannot be started, with the codes that hold it back."""

    task_id: str
    codes: Sequence[str]


class NextTask(TaskCard, frozen=True, kw_only=True, tag_field="schema", tag=TAG):
    """The task to start now.

    Attributes:
        skipped: Tasks that come before it and are not startable; only asked for with `startable`.
    """

    tdd: Tdd
    findings: Sequence[Finding]
    skipped: Sequence[Skipped]


class Outcome(StrEnum):
    """Why there is no next task.

    `done`: nothing is pending, in progress or blocked. `filtered`: tasks are eligible, but not with these
    filters. `deadlocked`: all that is pending is stuck, and nothing moves. `waiting`: something has to happen
    first; with `startable`, that may be a finding or a gate.
    """

    DONE = "done"
    FILTERED = "filtered"
    DEADLOCKED = "deadlocked"
    WAITING = "waiting"


class NoTask(Struct, frozen=True, tag_field="schema", tag=TAG):
    """There is no task to start now.

    Attributes:
        skipped: Eligible tasks that are not startable, in the order of selection.
    """

    error: str
    reason: str
    outcome: Outcome
    skipped: Sequence[Skipped] = ()


FindingsOf = Callable[[Task], Sequence[Finding]]


def next_task(
    readiness: Readiness, filters: Filters, findings_of: FindingsOf, *, startable: bool
) -> NextTask | NoTask:
    """The first eligible task, or with `startable` the first that nothing holds back.

    `findings_of` gives a task's own findings; with `startable` also those of gates and of the whole backlog.
    """
    skipped: list[Skipped] = []
    for task in readiness.ordered(filters.keep(readiness.eligible)):
        findings = findings_of(task)
        codes = [each.code for each in findings if each.blocking] if startable else []
        if not codes:
            card = card_fields(task, Status.PENDING)
            return NextTask(**card, tdd=TDD[task.risk], findings=findings, skipped=skipped)
        skipped.append(Skipped(task.task_id, list(dict.fromkeys(codes))))
    return _none(readiness, skipped)


def _none(readiness: Readiness, skipped: Sequence[Skipped]) -> NoTask:
    if skipped:
        reason = f"{_count(len(skipped))} eligible, but held back by findings or gates"
        return NoTask("No startable task", reason, Outcome.WAITING, skipped)
    if readiness.eligible:
        reason = f"{_count(len(readiness.eligible))} eligible, none of them within the filters"
        return NoTask("No eligible task", reason, Outcome.FILTERED)
    counts = {status: len(readiness.tasks_with(status)) for status in Status}
    open_ = [counts[each] for each in (Status.PENDING, Status.IN_PROGRESS, Status.BLOCKED)]
    unread = readiness.backlog.unread
    if unread and not any(open_):
        reason = f"{unread[0]} cannot be read, and all other tasks are completed or abandoned"
        return NoTask("No eligible task", reason, Outcome.WAITING)
    if not any(open_):
        reason = "every task is completed or abandoned" if any(counts.values()) else "there are no tasks"
        return NoTask("No eligible task", reason, Outcome.DONE)
    if not open_[1] and not open_[2]:
        reason = f"{_count(open_[0])} pending, all stuck behind a cycle, an unknown id or an abandoned task"
        return NoTask("No eligible task", reason, Outcome.DEADLOCKED)
    reason = f"{open_[1]} in progress, {open_[2]} blocked, {open_[0]} pending and waiting for them or stuck"
    return NoTask("No eligible task", reason, Outcome.WAITING)


def _count(number: int) -> str:
    return "1 task is" if number == 1 else f"{number} tasks are"
