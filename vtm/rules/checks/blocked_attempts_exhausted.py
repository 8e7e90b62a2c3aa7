"""BLOCKED::ATTEMPTS-EXHAUSTED."""

from collections.abc import Iterator

from vtm.model.event import Kind
from vtm.model.facts import Action
from vtm.model.finding import Severity
from vtm.model.transitions import MOST_ATTEMPTS
from vtm.rules.case import Case
from vtm.rules.rule import Problem, about, rule

_OPEN = {
    Kind.BLOCK,
    Kind.ABANDON,
    Kind.RESET,
    Kind.UNBLOCK,
    Kind.REOPEN,
    Kind.MERGE,
    Kind.NOTE,
    Kind.HANDOFF,
    Kind.WAIVE,
    Kind.UNDO,
}


@rule(
    "BLOCKED::ATTEMPTS-EXHAUSTED::<id>",
    Severity.ERROR,
    blocking=True,
    gates=(Action.START, Action.RECORD, Action.COMPLETE),
)
def check(case: Case) -> Iterator[Problem]:
    """Three verifications of a task failed, and it is to go on as if they had not.

    Why: a fourth try seldom finds what three did not; somebody else should look at it.

    Fails:
        tasks: [{task_id: A}]
        state: {A: {status: in-progress, attempts: [
          {at: "2026-01-01T00:00:00Z", text: x}, {at: "2026-01-01T00:00:00Z", text: y},
          {at: "2026-01-01T00:00:00Z", text: z}]}}
        facts: {action: complete, occasion: {event: complete}}

    Passes:
        tasks: [{task_id: A}]
        state: {A: {status: in-progress, attempts: [
          {at: "2026-01-01T00:00:00Z", text: x}, {at: "2026-01-01T00:00:00Z", text: y},
          {at: "2026-01-01T00:00:00Z", text: z}]}}
        facts: {action: record, occasion: {event: block}}

    Fix: leave it with `vtm block TASK --reason … --tried … --suggest …`; `vtm unblock` lets it start afresh.
    """
    for task in case.focus:
        failed = case.backlog.state_of(task).attempts
        if len(failed) >= MOST_ATTEMPTS and case.facts.occasion.event not in _OPEN:
            what = f"{len(failed)} verifications of {task.task_id} failed, the last one: {failed[-1].text}"
            yield about(task, case.backlog.at_entry(task.task_id, "attempts"), what)
