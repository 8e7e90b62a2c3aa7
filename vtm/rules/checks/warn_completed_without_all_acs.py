"""WARN::COMPLETED-WITHOUT-ALL-ACS."""

from collections.abc import Iterator

from vtm.model.finding import Severity
from vtm.model.status import Status
from vtm.rules.case import Case
from vtm.rules.rule import Problem, about, rule


@rule("WARN::COMPLETED-WITHOUT-ALL-ACS::<id>", Severity.WARNING)
def check(case: Case) -> Iterator[Problem]:
    """A task was completed although not all of its acceptance criteria are recorded as met.

    Why: tasks that depend on it were let go ahead on work that may be missing.

    Fails:
        tasks: [{task_id: A, acceptance_criteria: [{id: A-AC01}, {id: A-AC02}]}]
        state: {A: {status: completed, acs_completed: [A-AC01]}}

    Passes:
        tasks: [{task_id: A, acceptance_criteria: [{id: A-AC01}, {id: A-AC02}]}]
        state: {A: {status: completed, acs_completed: [A-AC02, A-AC01]}}

    Fix: record the criteria that are met, and reopen the task for those that are not.
    """
    backlog = case.backlog
    for task in case.focus:
        if backlog.status(task.task_id) is not Status.COMPLETED:
            continue
        open_ = dict.fromkeys(backlog.state_of(task).left(task))
        if open_:
            what = f"{task.task_id} is completed without its criteria {', '.join(open_)}"
            yield about(task, backlog.at_entry(task.task_id, "acs_completed"), what)
