"""WARN::STALE-TASK."""

from collections.abc import Iterator
from datetime import UTC

from vtm.model.finding import Severity
from vtm.model.settings import seconds
from vtm.model.status import Status
from vtm.rules.case import Case
from vtm.rules.rule import Problem, about, rule


@rule("WARN::STALE-TASK::<id>", Severity.WARNING)
def check(case: Case) -> Iterator[Problem]:
    """A task has been in progress for more than `stale_after`.

    Why: whoever started it may be gone, and until it is released it takes up a place in `wip_limit`.

    Fails:
        tasks: [{task_id: A}]
        state: {A: {status: in-progress, started_at: "2026-01-01T00:00:00Z"}}
        facts: {now: "2026-01-03T05:00:00Z", settings: {stale_after: 48h}}

    Passes:
        tasks: [{task_id: A}]
        state: {A: {status: in-progress, started_at: "2026-01-01T00:00:00Z"}}
        facts: {now: "2026-01-03T00:00:00Z", settings: {stale_after: 48h}}

    Fix: finish the task, or block, release or abandon it with the reason.
    """
    backlog, limit = case.backlog, case.settings.stale_after
    for task in case.focus:
        started = backlog.state_of(task).started_at
        if started is None or backlog.status(task.task_id) is not Status.IN_PROGRESS:
            continue
        if (case.facts.now - started).total_seconds() > seconds(limit):
            since = started.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            what = f"{task.task_id} has been in progress since {since}, for more than {limit}"
            yield about(task, backlog.at_entry(task.task_id, "started_at"), what)
