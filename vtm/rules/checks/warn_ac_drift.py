"""WARN::AC-DRIFT."""

from collections.abc import Iterator

from vtm.model.finding import Severity
from vtm.model.state import UNTOUCHED, TaskState
from vtm.model.task import Task
from vtm.rules.case import Case
from vtm.rules.rule import Problem, about, rule

_FIELDS = ("acs_completed", "acs_remaining")


@rule("WARN::AC-DRIFT::<id>", Severity.WARNING)
def check(case: Case) -> Iterator[Problem]:
    """The state of a task names acceptance criteria that the task does not declare.

    Why: the criteria were changed after work on them was recorded, and that work counts for nothing now.

    Fails:
        tasks: [{task_id: A, acceptance_criteria: [{id: A-AC01}]}]
        state: {A: {acs_completed: [A-AC01], acs_remaining: [A-AC02]}}

    Passes:
        tasks: [{task_id: A, acceptance_criteria: [{id: A-AC01}, {id: A-AC02}]}]
        state: {A: {acs_completed: [A-AC01], acs_remaining: [A-AC02]}}

    Fix: see `vtm reconcile`, or declare the criteria in the task again.
    """
    for task in case.focus:
        unknown = _unknown(case.backlog.state_of(task), task)
        if unknown:
            place = case.backlog.at_entry(task.task_id, *next(iter(unknown.values())))
            what = f"{task.task_id} has criteria in its state that it does not declare: {', '.join(unknown)}"
            yield about(task, place, what)


def _unknown(entry: TaskState, task: Task) -> dict[str, tuple[str, int]]:
    """Criteria that only the state knows, and the field and index where each stands first."""
    found: dict[str, tuple[str, int]] = {}
    if entry is not UNTOUCHED:
        declared = {each.id for each in task.acceptance_criteria}
        for field in _FIELDS:
            for index, each in enumerate(getattr(entry, field)):
                if each not in declared:
                    found.setdefault(each, (field, index))
    return found
