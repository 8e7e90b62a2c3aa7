"""WARN::TIMESTAMP-ORDER."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from vtm.model.finding import Severity
from vtm.model.state import TaskState
from vtm.rules.case import Case
from vtm.rules.rule import Problem, about, rule

_TOLERANCE = timedelta(minutes=5)


@rule("WARN::TIMESTAMP-ORDER::<id>", Severity.WARNING)
def check(case: Case) -> Iterator[Problem]:
    """A task was completed before it started, or was started or completed in the future.

    Why: ages and durations are computed from these times. Clocks may differ by five minutes.

    Fails:
        tasks: [{task_id: A}]
        state: {A: {started_at: "2026-01-02T00:00:00Z", completed_at: "2026-01-01T00:00:00Z"}}
        facts: {now: "2026-01-03T00:00:00Z"}

    Passes:
        tasks: [{task_id: A}]
        state: {A: {started_at: "2026-01-01T00:00:00Z", completed_at: "2026-01-02T00:00:00Z"}}
        facts: {now: "2026-01-02T00:00:00Z"}

    Fix: correct the times, and the clock that wrote them.
    """
    backlog = case.backlog
    for task in case.focus:
        for field, what in _wrong(backlog.state_of(task), case.facts.now):
            yield about(task, backlog.at_entry(task.task_id, field), f"{task.task_id} {what}")


def _wrong(entry: TaskState, now: datetime) -> Iterator[tuple[str, str]]:
    """Fields that cannot be right, and why."""
    started, completed = entry.started_at, entry.completed_at
    if started and completed and completed < started:
        yield "completed_at", f"was completed at {_text(completed)} and started only at {_text(started)}"
    if started and started - now > _TOLERANCE:
        yield "started_at", f"was started at {_text(started)}, which is in the future"
    if completed and completed - now > _TOLERANCE:
        yield "completed_at", f"was completed at {_text(completed)}, which is in the future"


def _text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
