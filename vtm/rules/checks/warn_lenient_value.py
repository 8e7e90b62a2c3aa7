"""WARN::LENIENT-VALUE."""

from collections.abc import Iterator

from vtm.graph.lookup import repeated
from vtm.model.finding import Damage, Severity
from vtm.model.task import Task
from vtm.rules.case import Case
from vtm.rules.defects import reported
from vtm.rules.rule import Problem, about, rule


@rule("WARN::LENIENT-VALUE::<id>", Severity.WARNING)
def check(case: Case) -> Iterator[Problem]:
    """A value was read as the one it must have meant, such as `high` for `High`.

    Why: other tools that read the file may not be as lenient. The text of the file stays as it was.

    Fails:
        - {task_id: A--T01}
        - {task_id: A--T02, depends_on_tasks: [A--T01, A--T01]}

    Passes:
        - {task_id: A--T01}
        - {task_id: A--T02, depends_on_tasks: [A--T01]}

    Fix: write the value as the message says.
    """
    yield from reported(case, Damage.LENIENT)
    for task in case.focus:
        for dependency in repeated(task):
            place = case.backlog.at(task, "depends_on_tasks", _again(task, dependency))
            yield about(
                task, place, f"{task.task_id} lists dependency {dependency} more than once; list it once"
            )


def _again(task: Task, dependency: str) -> int:
    declared = task.depends_on_tasks
    return declared.index(dependency, declared.index(dependency) + 1)
