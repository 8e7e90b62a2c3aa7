"""WARN::HIGH-RISK-NO-TESTS."""

from collections.abc import Iterator

from vtm.model.finding import Severity
from vtm.model.status import Risk, Status
from vtm.rules.case import Case
from vtm.rules.rule import Problem, about, rule


@rule("WARN::HIGH-RISK-NO-TESTS::<id>", Severity.WARNING)
def check(case: Case) -> Iterator[Problem]:
    """A High task was completed and lists no test paths.

    Why: nothing says how the riskiest work was verified, and nobody can run it again.

    Fails:
        tasks: [{task_id: A, risk: High, test_verification: []}]
        state: {A: {status: completed}}

    Passes:
        tasks: [{task_id: A, risk: High, test_verification: [tests/test_a.py]}]
        state: {A: {status: completed}}

    Fix: list the tests that verify the task in `test_verification`; write them if there are none.
    """
    for task in case.focus:
        done = case.backlog.status(task.task_id) is Status.COMPLETED
        if done and task.risk is Risk.HIGH and not task.test_verification:
            what = f"{task.task_id} is a completed High task that lists no tests"
            yield about(task, case.backlog.at(task, "test_verification"), what)
