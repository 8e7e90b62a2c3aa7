"""WARN::DEFERRABLE-PROMOTED."""

from collections.abc import Iterator

from vtm.model.finding import Severity
from vtm.model.status import Risk, Status
from vtm.rules.case import Case
from vtm.rules.rule import Problem, about, rule


@rule("WARN::DEFERRABLE-PROMOTED::<id>", Severity.WARNING)
def check(case: Case) -> Iterator[Problem]:
    """A provisional or Low task is in progress while a required High task is pending.

    Why: what can wait takes time and a place in `wip_limit` from what cannot.

    Fails:
        tasks: [{task_id: A, risk: High}, {task_id: B, risk: Low}]
        state: {B: {status: in-progress}}

    Passes:
        tasks: [{task_id: A, risk: High, provisional: true}, {task_id: B, risk: Low}]
        state: {B: {status: in-progress}}

    Fix: release the task and start the High one, or say why it has to come first.
    """
    statuses = case.readiness.statuses
    pending = (task for task in case.readiness.holders if statuses[task.task_id] is Status.PENDING)
    required = next(pending, None)
    if required is None:
        return
    for task in case.focus:
        if statuses[task.task_id] is Status.IN_PROGRESS and (task.provisional or task.risk is Risk.LOW):
            kind = "provisional" if task.provisional else "Low"
            what = f"{task.task_id} is {kind} and in progress while the High {required.task_id} is pending"
            yield about(task, case.backlog.at_entry(task.task_id, "status"), what)
