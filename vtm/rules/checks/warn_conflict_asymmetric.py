"""WARN::CONFLICT-ASYMMETRIC."""

from collections.abc import Iterator
from functools import cache

from vtm.model.finding import Severity
from vtm.model.task import Task
from vtm.rules.case import Case
from vtm.rules.rule import Problem, about, rule


@rule("WARN::CONFLICT-ASYMMETRIC", Severity.WARNING)
def check(case: Case) -> Iterator[Problem]:
    """A task lists a conflict that the other task does not list back, or that no task has.

    Why: a conflict holds in both directions and vtm reads it so, but whoever reads only the other task does
    not know of it; with an id that no task has it holds for nobody.

    Fails:
        - {task_id: A, conflicts_with: [B]}
        - {task_id: B, conflicts_with: []}

    Passes:
        - {task_id: A, conflicts_with: [B]}
        - {task_id: B, conflicts_with: [A]}

    Fix: list the conflict in both tasks, or in neither; correct ids that no task has.
    """
    known = case.backlog

    @cache
    def conflicts(task_id: str) -> frozenset[str]:
        return frozenset(known[task_id].conflicts_with or ())

    for task in case.focus:
        name, others = task.task_id, dict.fromkeys(task.conflicts_with or ())
        silent = [each for each in others if each in known and name not in conflicts(each)]
        if silent:
            what = f"conflicts with {', '.join(silent)} but not the other way round"
            yield _problem(case, task, silent, what)
        unknown = [each for each in others if each not in known]
        if unknown:
            what = f"conflicts with unknown {', '.join(unknown)}"
            yield _problem(case, task, unknown, what)


def _problem(case: Case, task: Task, conflicts: list[str], what: str) -> Problem:
    """One problem at the first of `conflicts`."""
    index = (task.conflicts_with or ()).index(conflicts[0])
    return about(task, case.backlog.at(task, "conflicts_with", index), f"{task.task_id} {what}")
