"""Acceptance criteria whose id stands in more than one task of a manifest; files have ids of their own."""

from typing import NamedTuple

from vtm.model.finding import Location
from vtm.model.task import Criterion, FileTask, Task
from vtm.rules.case import Case


class Use(NamedTuple):
    """The first criterion of `task` that has a certain id.

    Attributes:
        place: Its position among the criteria of the task.
    """

    task: Task
    place: int
    text: str

    def location(self, case: Case) -> Location:
        """Where it is declared."""
        return case.backlog.at(self.task, "acceptance_criteria", self.place)


def shared(case: Case) -> dict[str, list[Use]]:
    """Criterion id to its use in each task, where two or more tasks use it and one is under judgement.

    In the order of declaration. An id that a task has twice counts there by its first text, so that two
    tasks either agree on it or do not.
    """
    wanted = _repeated(case)
    uses: dict[str, list[Use]] = {}
    for task in case.backlog.tasks if wanted else ():
        for place, criterion in enumerate(_criteria(task)):
            if criterion.id in wanted:
                found = uses.setdefault(criterion.id, [])
                if not found or found[-1].task is not task:
                    found.append(Use(task, place, criterion.text))
    return {name: found for name, found in uses.items() if len(found) > 1}


def _repeated(case: Case) -> set[str]:
    """Ids in a task under judgement; where all tasks are, only those that stand more than once."""
    if case.focus is not case.backlog.tasks:
        return {criterion.id for task in case.focus for criterion in _criteria(task)}
    seen: set[str] = set()
    again: set[str] = set()
    for task in case.backlog.tasks:
        for criterion in _criteria(task):
            (again if criterion.id in seen else seen).add(criterion.id)
    return again


def _criteria(task: Task) -> tuple[Criterion, ...]:
    return () if isinstance(task, FileTask) else task.acceptance_criteria
