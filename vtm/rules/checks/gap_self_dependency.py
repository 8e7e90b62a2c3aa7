"""GAP::SELF-DEPENDENCY."""

from collections.abc import Iterator

from vtm.model.finding import Severity
from vtm.rules.case import Case
from vtm.rules.rule import Problem, about, rule


@rule("GAP::SELF-DEPENDENCY", Severity.ERROR, blocking=True)
def check(case: Case) -> Iterator[Problem]:
    """A task depends on itself.

    Why: it would have to be completed before it can be started.

    Fails:
        - {task_id: A--T01, depends_on_tasks: [A--T01]}

    Passes:
        - {task_id: A--T01}
        - {task_id: A--T02, depends_on_tasks: [A--T01]}

    Fix: remove the task's own id from `depends_on_tasks`.
    """
    for task in case.focus:
        if task.task_id in task.depends_on_tasks:
            place = case.backlog.at(task, "depends_on_tasks", task.depends_on_tasks.index(task.task_id))
            yield about(task, place, f"{task.task_id} depends on itself")
