"""GAP::DUP-AC-COVERAGE."""

from collections.abc import Iterator

from vtm.model.finding import Severity
from vtm.rules.case import Case
from vtm.rules.criteria import Use, shared
from vtm.rules.rule import Problem, rule
from vtm.rules.wording import listed

_SHOWN = 5


@rule("GAP::DUP-AC-COVERAGE", Severity.WARNING)
def check(case: Case) -> Iterator[Problem]:
    """Two or more tasks have the same acceptance criterion: one id and one text.

    Why: the work is planned twice, or each of them relies on the other to do it.

    Fails:
        - {task_id: A--T01, acceptance_criteria: [{id: AC-1, text: A wrong password is refused}]}
        - {task_id: A--T02, acceptance_criteria: [{id: AC-1, text: A wrong password is refused}]}

    Passes:
        - {task_id: A--T01, acceptance_criteria: [{id: AC-1, text: A wrong password is refused}]}
        - {task_id: A--T02, acceptance_criteria: [{id: AC-2, text: A right password is accepted}]}

    Fix: leave the criterion with one task and let the others depend on that.
    """
    for name, uses in shared(case).items():
        same: dict[str, list[Use]] = {}
        for use in uses:
            same.setdefault(use.text, []).append(use)
        for group in same.values():
            if len(group) > 1:
                tasks = tuple(use.task.task_id for use in group)
                what = f"{listed(tasks[:_SHOWN], len(tasks))} have the same acceptance criterion {name}"
                yield Problem(group[1].location(case), what, tasks)
