"""BLOCKED::MISSING-CONTEXT."""

from collections.abc import Iterator

from vtm.model.facts import Resolved
from vtm.model.finding import Severity
from vtm.model.status import Status
from vtm.rules.case import Case
from vtm.rules.rule import Need, Problem, about, rule

_FIELDS = ("related_specs", "related_adrs", "related_guides")
_USABLE = Resolved()


@rule("BLOCKED::MISSING-CONTEXT::<id>", Severity.ERROR, blocking=True, needs=(Need.REFERENCES,))
def check(case: Case) -> Iterator[Problem]:
    """A spec, ADR or guide that a task refers to does not exist or cannot be read.

    Why: whoever does the task would work without what it was planned on. On a completed task it is a warning.

    Fails:
        tasks:
          - {task_id: A--T01, related_specs: [docs/specs/gone.md]}
        facts:
          references: {docs/specs/gone.md: {problem: does not exist}}

    Passes:
        tasks:
          - {task_id: A--T01, related_specs: [docs/specs/here.md]}
        facts:
          references: {docs/specs/here.md: {path: docs/specs/here.md}}

    Fix: write the document, or correct the reference.
    """
    known = case.facts.references
    for task in case.focus:
        for field in _FIELDS:
            for index, reference in enumerate(getattr(task, field)):
                problem = known.get(reference, _USABLE).problem
                if problem:
                    done = case.backlog.status(task.task_id) is Status.COMPLETED
                    yield about(
                        task,
                        case.backlog.at(task, field, index),
                        f"{task.task_id} refers to {reference}, which {problem}",
                        Severity.WARNING if done else None,
                    )
