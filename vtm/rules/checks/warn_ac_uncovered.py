"""WARN::AC-UNCOVERED."""

from collections.abc import Iterator

from vtm.model.finding import Severity
from vtm.model.state import Evidence
from vtm.model.status import Status
from vtm.rules.case import Case
from vtm.rules.rule import Problem, about, rule
from vtm.rules.wording import listed

_NAMED = 5
_NONE = Evidence()


@rule("WARN::AC-UNCOVERED::<id>", Severity.WARNING)
def check(case: Case) -> Iterator[Problem]:
    """A task was completed and no test is recorded to cover some of its acceptance criteria.

    Why: a criterion without a test can break again without anyone noticing.

    Fails:
        tasks: [{task_id: A, acceptance_criteria: [{id: A-AC01}, {id: A-AC02}]}]
        state: {A: {status: completed, evidence: {covers: {A-AC01: [tests/test_a.py], A-AC02: []}}}}

    Passes:
        tasks: [{task_id: A, acceptance_criteria: [{id: A-AC01}]}]
        state: {A: {status: completed, evidence: {covers: {A-AC01: [tests/test_a.py]}}}}

    Fix: write the missing tests and record in the evidence which criterion each test covers.
    """
    for task in case.focus:
        if case.backlog.status(task.task_id) is not Status.COMPLETED:
            continue
        covers = (case.backlog.state_of(task).evidence or _NONE).covers
        declared = dict.fromkeys(each.id for each in task.acceptance_criteria)
        bare = [each for each in declared if not any(covers.get(each, ()))]
        if bare:
            what = f"{task.task_id} has no test recorded for {listed(bare[:_NAMED], len(bare))}"
            yield about(task, case.backlog.at_entry(task.task_id, "evidence", "covers"), what)
