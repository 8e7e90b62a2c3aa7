"""WARN::ABANDONED-DEPENDENCY."""

from collections.abc import Iterator

from vtm.model.finding import Severity
from vtm.model.status import Status
from vtm.rules.case import Case
from vtm.rules.rule import Problem, about, rule

_UNFINISHED = {Status.PENDING, Status.BLOCKED, Status.IN_PROGRESS}


@rule("WARN::ABANDONED-DEPENDENCY::<id>", Severity.WARNING)
def check(case: Case) -> Iterator[Problem]:
    """A task waits for a task that was abandoned.

    Why: the dependency will never be completed, so the task can never start or be completed as things are.

    Fails:
        tasks: [{task_id: A}, {task_id: B, depends_on_tasks: [A]}]
        state: {A: {status: abandoned}}

    Passes:
        tasks: [{task_id: A}, {task_id: B, depends_on_tasks: [A]}]
        state: {A: {status: abandoned}, B: {waived: {A: no longer needed}}}

    Fix: `vtm waive TASK DEPENDENCY --reason ...`, or depend on another task instead.
    """
    for task in case.focus:
        if case.backlog.status(task.task_id) not in _UNFINISHED:
            continue
        gone = {each.task_id for each in case.readiness.unmet(task) if each.status == Status.ABANDONED}
        for index, dependency in enumerate(task.depends_on_tasks if gone else ()):
            if dependency in gone:
                gone.remove(dependency)
                place = case.backlog.at(task, "depends_on_tasks", index)
                yield about(task, place, f"{task.task_id} depends on {dependency}, which is abandoned")
