"""BLOCKED::DEPENDENCY-NOT-DONE."""

from collections.abc import Iterator

from vtm.model.facts import Action
from vtm.model.finding import Severity
from vtm.rules.case import Case
from vtm.rules.rule import Problem, about, rule


@rule(
    "BLOCKED::DEPENDENCY-NOT-DONE::<id>",
    Severity.ERROR,
    blocking=True,
    gates=(Action.START, Action.COMPLETE, Action.RUN),
)
def check(case: Case) -> Iterator[Problem]:
    """A task depends on a task that is neither completed nor waived.

    Why: it would be built on work that is not there.

    Fails:
        tasks:
          - {task_id: A--T01}
          - {task_id: A--T02, depends_on_tasks: [A--T01]}
        state: {A--T01: {status: in-progress}}
        facts: {action: start}

    Passes:
        tasks:
          - {task_id: A--T01}
          - {task_id: A--T02, depends_on_tasks: [A--T01]}
        state: {A--T01: {status: completed}}
        facts: {action: start}

    Fix: complete the dependency first, or waive it with `vtm waive TASK DEP --reason`.
    """
    for task in case.focus:
        unmet = case.readiness.unmet(task)
        if unmet:
            declared = task.depends_on_tasks
            first = {name: index for index, name in reversed(list(enumerate(declared)))}
            for each in unmet:
                place = case.backlog.at(task, "depends_on_tasks", first[each.task_id])
                yield about(task, place, f"{task.task_id} depends on {each.task_id}, which is {each.status}")
