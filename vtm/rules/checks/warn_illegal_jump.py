"""WARN::ILLEGAL-JUMP."""

from collections.abc import Iterator

from vtm.model.finding import Severity
from vtm.model.status import Status
from vtm.model.task import FileTask
from vtm.rules.case import Case
from vtm.rules.rule import Problem, about, rule


@rule("WARN::ILLEGAL-JUMP::<id>", Severity.WARNING)
def check(case: Case) -> Iterator[Problem]:
    """A task was completed without ever having been started.

    Why: it passed none of the checks that stand before a start, and how long it took is not known. A task
    file that nobody changed with vtm need not say when its task was started.

    Fails:
        tasks: [{task_id: A}]
        state: {A: {status: completed, completed_at: "2026-01-01T00:00:00Z"}}

    Passes:
        tasks: [{task_id: A}]
        state: {A: {status: completed, started_at: "2026-01-01T00:00:00Z"}}

    Fix: record when the task was started, or put it back to `pending` and start it.
    """
    backlog = case.backlog
    for task in case.focus:
        known = not isinstance(task, FileTask) or task.task_id in backlog.recorded.tasks
        done = backlog.status(task.task_id) is Status.COMPLETED
        if known and done and backlog.state_of(task).started_at is None:
            place = backlog.at_entry(task.task_id, "status")
            yield about(task, place, f"{task.task_id} is completed but was never started")
