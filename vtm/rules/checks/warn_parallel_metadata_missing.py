"""WARN::PARALLEL-METADATA-MISSING."""

from collections.abc import Iterator, Sequence

from vtm.model.finding import Severity
from vtm.model.task import FileTask, Task
from vtm.rules.case import Case
from vtm.rules.rule import Problem, rule


@rule("WARN::PARALLEL-METADATA-MISSING", Severity.WARNING)
def check(case: Case) -> Iterator[Problem]:
    """Not every task says whether it may run beside others, or what it says contradicts itself.

    Why: tasks run side by side only when all of them declare both `parallel` and `conflicts_with`, and a task
    that is `parallel: true` and conflicts with itself does not say which of the two is meant. Where all tasks
    are in files of their own and none has any of it, nobody wants them to run side by side.

    Fails:
        - {task_id: A, parallel: true, conflicts_with: []}
        - {task_id: B, parallel: false}

    Passes:
        - {task_id: A, parallel: true, conflicts_with: []}
        - {task_id: B, parallel: false, conflicts_with: [A]}

    Fix: declare both keys on every task, `conflicts_with: []` where there is none, and never the task itself.
    """
    tasks = case.backlog.tasks
    silent = [task for task in tasks if task.parallel is None or task.conflicts_with is None]
    if all(isinstance(task, FileTask) for task in tasks) and len(silent) == len(tasks):
        silent = []
    if silent:
        yield _problem(case, silent, "parallel and conflicts_with are not both declared")
    torn = [task for task in tasks if task.parallel and task.task_id in (task.conflicts_with or ())]
    if torn:
        yield _problem(case, torn, "parallel is true and conflicts_with names the task itself")


def _problem(case: Case, tasks: Sequence[Task], what: str) -> Problem:
    """One problem of the manifest, which counts `tasks` and names the first three."""
    count = f"{len(tasks)} of {len(case.backlog.tasks)} tasks"
    first = ", ".join(task.task_id for task in tasks[:3])
    return Problem(case.backlog.at_manifest("tasks"), f"{what} on {count}, first {first}")
