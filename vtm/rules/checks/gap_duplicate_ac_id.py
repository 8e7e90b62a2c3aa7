"""GAP::DUPLICATE-AC-ID."""

from collections import Counter
from collections.abc import Iterator

from vtm.model.finding import Severity
from vtm.model.task import Task
from vtm.rules.case import Case
from vtm.rules.criteria import Use, shared
from vtm.rules.rule import Problem, about, rule
from vtm.rules.wording import listed

_SHOWN = 5


@rule("GAP::DUPLICATE-AC-ID", Severity.WARNING)
def check(case: Case) -> Iterator[Problem]:
    """One id names more than one acceptance criterion.

    Why: a criterion that is recorded as met could be either, and so could the tests that cover it.

    Fails:
        - {task_id: A--T01, acceptance_criteria: [{id: AC-1, text: A wrong password is refused}]}
        - {task_id: A--T02, acceptance_criteria: [{id: AC-1, text: A right password is accepted}]}

    Passes:
        - {task_id: A--T01, acceptance_criteria: [{id: AC-1, text: A wrong password is refused}]}
        - {task_id: A--T02, acceptance_criteria: [{id: AC-2, text: A right password is accepted}]}

    Fix: give each criterion an id of its own, for example with the task's id in front.
    """
    for task in case.focus:
        yield from _within(task, case)
    for name, uses in shared(case).items():
        differing: dict[str, Use] = {}
        for use in uses:
            differing.setdefault(use.text, use)
        if len(differing) > 1:
            tasks = tuple(use.task.task_id for use in differing.values())
            what = f"{listed(tasks[:_SHOWN], len(tasks))} use the id {name} for different acceptance criteria"
            yield Problem(list(differing.values())[1].location(case), what, tasks)


def _within(task: Task, case: Case) -> Iterator[Problem]:
    criteria = task.acceptance_criteria
    if len({criterion.id for criterion in criteria}) == len(criteria):
        return
    seen: Counter[str] = Counter()
    for index, criterion in enumerate(criteria):
        seen[criterion.id] += 1
        if seen[criterion.id] == 2:
            place = case.backlog.at(task, "acceptance_criteria", index)
            yield about(task, place, f"{task.task_id} uses the id {criterion.id} for more than one criterion")
