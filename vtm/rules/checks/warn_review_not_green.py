"""WARN::REVIEW-NOT-GREEN."""

from collections.abc import Iterator

from vtm.model.finding import Severity
from vtm.model.status import Risk
from vtm.rules.case import Case
from vtm.rules.rule import Problem, about, rule


@rule("WARN::REVIEW-NOT-GREEN::<id>", Severity.WARNING)
def check(case: Case) -> Iterator[Problem]:
    """A High task has a pull request and no evidence that its tests pass.

    Why: reviewers should not spend their time on risky work before the tests have been seen to pass.

    Fails:
        tasks: [{task_id: A, risk: High}]
        state: {A: {status: in-progress, pr_number: 12, evidence: {exit_code: 1}}}

    Passes:
        tasks: [{task_id: A, risk: High}]
        state: {A: {status: in-progress, pr_number: 12, evidence: {exit_code: 0}}}

    Fix: run the task's tests until they pass and record the result as evidence.
    """
    for task in case.focus:
        entry = case.backlog.state_of(task)
        green = entry.evidence is not None and entry.evidence.green
        if task.risk is Risk.HIGH and entry.pr_number is not None and not green:
            number = entry.pr_number
            what = f"{task.task_id} is High and has pull request {number} but no evidence of passing tests"
            yield about(task, case.backlog.at_entry(task.task_id, "pr_number"), what)
