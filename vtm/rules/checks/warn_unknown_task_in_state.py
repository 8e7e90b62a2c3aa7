"""WARN::UNKNOWN-TASK-IN-STATE."""

from collections.abc import Iterator

from vtm.model.finding import Severity
from vtm.rules.case import Case
from vtm.rules.rule import Problem, rule


@rule("WARN::UNKNOWN-TASK-IN-STATE::<id>", Severity.WARNING)
def check(case: Case) -> Iterator[Problem]:
    """The state has an entry for a task that is not in the backlog.

    Why: the task was renamed or dropped, and what was done for it counts for nothing.

    Fails:
        tasks: [{task_id: A--T01}]
        state: {A--T1: {status: completed}}

    Passes:
        tasks: [{task_id: A--T01}]
        state: {A--T01: {status: completed}}

    Fix: correct the id, or keep the entry aside with `vtm reconcile --apply`.
    """
    for task_id in case.backlog.state.tasks:
        if task_id not in case.backlog:
            what = f"{task_id} has an entry in the state, but no task has this id"
            yield Problem(case.backlog.at_entry(task_id), what, (task_id,))
