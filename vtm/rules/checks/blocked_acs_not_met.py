"""BLOCKED::ACS-NOT-MET."""

from collections.abc import Iterator

from vtm.model.facts import Action
from vtm.model.finding import Severity
from vtm.rules.case import Case
from vtm.rules.rule import Problem, about, rule


@rule("BLOCKED::ACS-NOT-MET::<id>", Severity.ERROR, blocking=True, gates=(Action.COMPLETE,))
def check(case: Case) -> Iterator[Problem]:
    """A task is to be completed while acceptance criteria are not met.

    Why: they are what was agreed to be done.

    Fails:
        tasks: [{task_id: A, acceptance_criteria: [{id: A-AC1}, {id: A-AC2}]}]
        state: {A: {status: in-progress, acs_completed: [A-AC1]}}
        facts: {action: complete}

    Passes:
        tasks: [{task_id: A, acceptance_criteria: [{id: A-AC1}]}]
        state: {A: {status: in-progress, acs_completed: [A-AC1]}}
        facts: {action: complete}

    Fix: meet them and record it with `vtm ac TASK AC…`.
    """
    for task in case.focus:
        missing = dict.fromkeys(case.backlog.state_of(task).left(task))
        if missing:
            place = case.backlog.at_entry(task.task_id, "acs_completed")
            yield about(task, place, f"{task.task_id} has criteria that are not met: {', '.join(missing)}")
