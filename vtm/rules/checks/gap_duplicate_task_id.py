"""GAP::DUPLICATE-TASK-ID."""

from collections.abc import Iterator

from vtm.model.finding import Location, Severity
from vtm.rules.case import Case
from vtm.rules.rule import Problem, rule


@rule("GAP::DUPLICATE-TASK-ID", Severity.ERROR, blocking=True)
def check(case: Case) -> Iterator[Problem]:
    """A task id is declared more than once.

    Why: an id names one task. The first declaration counts, so whatever the others ask for is never done.

    Fails:
        - {task_id: A--T01, title: Log in}
        - {task_id: A--T01, title: Log out}

    Passes:
        - {task_id: A--T01, title: Log in}
        - {task_id: A--T02, title: Log out}

    Fix: give each task an id of its own, or remove the repeated one.
    """
    backlog = case.backlog
    judged = {task.task_id for task in case.focus} if backlog.duplicates else set()
    for position, task in backlog.duplicates:
        if task.task_id in judged:
            first = _entry(backlog.at(backlog[task.task_id]))
            what = f"{task.task_id} is declared again; {first} declares it first and is the one that counts"
            yield Problem(backlog.at_position(position, "task_id"), what, (task.task_id,))


def _entry(first: Location) -> str:
    """How to find a declaration: its number in the manifest from 1, or the task's own file."""
    match first.pointer:
        case ("tasks", int(index)):
            return f"entry {index + 1}"
    return first.path
