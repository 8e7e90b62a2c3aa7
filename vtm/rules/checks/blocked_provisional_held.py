"""BLOCKED::PROVISIONAL-HELD."""

from collections.abc import Iterator

from vtm.model.facts import Action
from vtm.model.finding import Severity
from vtm.rules.case import Case
from vtm.rules.rule import Problem, about, rule
from vtm.rules.wording import listed

_SHOWN = 3


@rule("BLOCKED::PROVISIONAL-HELD::<id>", Severity.ERROR, blocking=True, gates=(Action.START, Action.RUN))
def check(case: Case) -> Iterator[Problem]:
    """A provisional task waits until no High task is pending or blocked.

    Why: what may turn out not to be needed must not take the place of what is both needed and risky.

    Fails:
        tasks: [{task_id: A--T01, risk: High}, {task_id: A--T02, provisional: true}]
        facts: {action: start}
        focus: [A--T02]

    Passes:
        tasks: [{task_id: A--T01, risk: High}, {task_id: A--T02, provisional: true}]
        state: {A--T01: {status: in-progress}}
        facts: {action: start}
        focus: [A--T02]

    Fix: start the High tasks first, or set `provisional` to false.
    """
    for task in case.focus:
        holders = case.readiness.held_by(task)
        if holders:
            names = listed([each.task_id for each in holders[:_SHOWN]], len(holders))
            place = case.backlog.at(task, "provisional")
            yield about(task, place, f"{task.task_id} is provisional and held back by {names}")
