"""WARN::INCOMPLETE-CONTEXT-READ."""

from collections.abc import Iterator

from vtm.model.facts import Action
from vtm.model.finding import Severity
from vtm.rules.case import Case
from vtm.rules.rule import Problem, about, rule


@rule("WARN::INCOMPLETE-CONTEXT-READ::<id>", Severity.WARNING, gates=(Action.START, Action.COMPLETE))
def check(case: Case) -> Iterator[Problem]:
    """A task is started or completed though nobody has read all of its context files for it.

    Why: what was decided there is not in the task. A document that changed since then counts as unread.

    Fails:
        tasks: [{task_id: A, related_specs: [docs/a.md]}]
        facts: {action: start, occasion: {event: start, unread: [docs/a.md]}}

    Passes:
        tasks: [{task_id: A, related_specs: [docs/a.md]}]
        facts: {action: start, occasion: {event: start}}

    Fix: read them, and say so with `vtm read TASK`.
    """
    unread = case.facts.occasion.unread
    for task in case.focus if unread else ():
        yield about(task, case.backlog.at(task, "related_specs"), f"not read for it: {', '.join(unread)}")
