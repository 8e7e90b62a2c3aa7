"""WARN::STATE-DISAGREES."""

from collections.abc import Iterator

from vtm.model.finding import Severity
from vtm.rules.case import Case
from vtm.rules.rule import Problem, about, rule


@rule("WARN::STATE-DISAGREES::<id>", Severity.WARNING)
def check(case: Case) -> Iterator[Problem]:
    """The state file gives a task another status than the task's own file.

    Why: the task's own file wins, so whoever reads only the state file is misled.

    Fails:
        tasks: [{task_id: A, declared_status: completed}]
        state: {A: {status: in-progress}}

    Passes:
        tasks: [{task_id: A, declared_status: completed}]
        state: {A: {status: completed}}

    Fix: find out which of the two is right and write it in both places.
    """
    for task in case.focus:
        entry = case.backlog.recorded.tasks.get(task.task_id)
        if entry and task.declared_status and entry.status is not task.declared_status:
            what = f"{task.task_id} is {task.declared_status} in its own file and {entry.status} in the state"
            yield about(task, case.backlog.at_state("tasks", task.task_id, "status"), what)
