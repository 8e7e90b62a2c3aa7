"""GAP::EST-INCONSISTENT."""

from collections.abc import Iterator

from vtm.model.finding import Severity
from vtm.model.status import Size
from vtm.model.task import Task
from vtm.rules.case import Case
from vtm.rules.checks.gap_task_oversized import MOST
from vtm.rules.rule import Problem, about, rule

MOST_OF_SMALL = 6
"""Most acceptance criteria of a task of size S."""

FEWEST_OF_LARGE = 3
"""Fewest acceptance criteria of a task of size L, where it has any."""


@rule("GAP::EST-INCONSISTENT", Severity.WARNING)
def check(case: Case) -> Iterator[Problem]:
    """A task of size S has more than 6 acceptance criteria, or a task of size L only one or two.

    Why: the order of work and the forecast are computed from the size, and one of the two must be wrong.

    Fails:
        - {task_id: A--T01, est: {size: L}, acceptance_criteria: [{id: A--T01--AC01}]}

    Passes:
        - {task_id: A--T01, est: {size: S}, acceptance_criteria: [{id: A--T01--AC01}]}

    Fix: correct `est.size`, or the acceptance criteria.
    """
    for task in case.focus:
        advice = _advice(task)
        if advice:
            criteria = _criteria(len(task.acceptance_criteria))
            what = f"{task.task_id} is of size {task.size} but has {criteria}; {advice}"
            yield about(task, case.backlog.at(task, "est", "size"), what)


def _advice(task: Task) -> str:
    count = len(task.acceptance_criteria)
    if task.size is Size.L and 0 < count < FEWEST_OF_LARGE:
        return "size S would fit"
    if task.size is Size.S and count > MOST_OF_SMALL:
        return "size M would fit" if count <= MOST else "no size fits so many, split it"
    return ""


def _criteria(count: int) -> str:
    return "only 1 acceptance criterion" if count == 1 else f"{count} acceptance criteria"
