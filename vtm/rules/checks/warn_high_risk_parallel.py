"""WARN::HIGH-RISK-PARALLEL."""

from collections.abc import Iterator

from vtm.model.finding import Severity
from vtm.model.status import Risk, Status
from vtm.rules.case import Case
from vtm.rules.rule import Problem, about, rule

_OVER = {Status.COMPLETED, Status.ABANDONED}


@rule("WARN::HIGH-RISK-PARALLEL::<id>", Severity.WARNING)
def check(case: Case) -> Iterator[Problem]:
    """A High task is declared to run beside others.

    Why: a High task never shares a batch, so the declaration has no effect and misleads whoever plans by it.

    Fails:
        - {task_id: A, risk: High, parallel: true}

    Passes:
        - {task_id: A, risk: High, parallel: false}
        - {task_id: B, risk: Medium, parallel: true}

    Fix: set `parallel: false`, or lower the risk if the task is not High after all.
    """
    for task in case.focus:
        if task.risk is Risk.HIGH and task.parallel and case.backlog.status(task.task_id) not in _OVER:
            what = f"{task.task_id} is High and declared parallel, but a High task runs alone"
            yield about(task, case.backlog.at(task, "parallel"), what)
