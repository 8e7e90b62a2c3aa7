"""GAP::DANGLING-DEPENDENCY."""

from collections.abc import Iterator

from vtm.graph.lookup import dangling
from vtm.model.finding import Severity
from vtm.rules.case import Case
from vtm.rules.rule import Problem, about, rule


@rule("GAP::DANGLING-DEPENDENCY", Severity.ERROR, blocking=True)
def check(case: Case) -> Iterator[Problem]:
    """A task depends on a task that is not in the backlog.

    Why: it can never become eligible, and neither can anything that waits for it.

    Fails:
        - {task_id: A--T01, depends_on_tasks: [B--T01]}

    Passes:
        - {task_id: A--T01}
        - {task_id: A--T02, depends_on_tasks: [A--T01]}

    Fix: correct the id, or remove it from `depends_on_tasks`.
    """
    for task in case.focus:
        for index, missing in dangling(task, case.backlog):
            place = case.backlog.at(task, "depends_on_tasks", index)
            yield about(task, place, f"{task.task_id} depends on unknown task {missing}")
