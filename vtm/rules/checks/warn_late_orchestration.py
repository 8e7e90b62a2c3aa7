"""WARN::LATE-ORCHESTRATION."""

from collections.abc import Iterator

from vtm.model.facts import Action
from vtm.model.finding import Severity
from vtm.model.status import Risk, Status
from vtm.rules.case import Case
from vtm.rules.rule import Problem, rule


@rule("WARN::LATE-ORCHESTRATION", Severity.WARNING, gates=(Action.PREFLIGHT, Action.RUN))
def check(case: Case) -> Iterator[Problem]:
    """Most of the High tasks are no longer pending, so there is little left to orchestrate.

    Why: coordinating agents pays while the risky work is still ahead. `activation.enforce` makes it an error.

    Fails:
        tasks: [{task_id: A, risk: High}, {task_id: B, risk: High}]
        state: {A: {status: completed}}
        facts: {action: preflight, settings: {activation: {high_pending: 0.7}}}

    Passes:
        tasks: [{task_id: A, risk: High}, {task_id: B, risk: High}]
        state: {A: {status: completed}}
        facts: {action: preflight, settings: {activation: {high_pending: 0.5}}}

    Fix: do the remaining tasks one by one, or lower `activation.high_pending` in vtm.toml.
    """
    activation = case.settings.activation
    high = [task.task_id for task in case.backlog.tasks if task.risk is Risk.HIGH]
    pending = sum(case.readiness.statuses[task_id] is Status.PENDING for task_id in high)
    if high and pending / len(high) < activation.high_pending:
        share = f"{activation.high_pending * 100:g} %"
        what = f"the share of High tasks still pending is {pending} of {len(high)}, under {share}"
        severity = Severity.ERROR if activation.enforce else None
        yield Problem(case.backlog.at_state("tasks"), what, severity=severity)
