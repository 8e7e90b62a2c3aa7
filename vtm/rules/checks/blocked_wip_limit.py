"""BLOCKED::WIP-LIMIT."""

from collections.abc import Iterator

from vtm.model.facts import Action
from vtm.model.finding import Severity
from vtm.model.status import Status
from vtm.rules.case import Case
from vtm.rules.rule import Problem, rule


@rule("BLOCKED::WIP-LIMIT", Severity.ERROR, blocking=True, gates=(Action.START, Action.RUN))
def check(case: Case) -> Iterator[Problem]:
    """Starting a task would put more than `wip_limit` tasks in progress.

    Why: work that is begun and not finished is what is lost and merged late.

    Fails:
        tasks: [{task_id: A}, {task_id: B}, {task_id: C}]
        state: {A: {status: in-progress}, B: {status: in-progress}}
        facts: {action: start, settings: {wip_limit: 2}}

    Passes:
        tasks: [{task_id: A}, {task_id: B}, {task_id: C}]
        state: {A: {status: in-progress}}
        facts: {action: start, settings: {wip_limit: 2}}

    Fix: finish, block or release a task first, or raise `wip_limit` in vtm.toml.
    """
    limit = case.settings.wip_limit
    running = [task.task_id for task in case.readiness.tasks_with(Status.IN_PROGRESS)]
    if limit and len(running) >= limit and not _is_running(case):
        what = f"{len(running)} tasks are in progress and the limit is {limit}: {', '.join(running)}"
        yield Problem(case.backlog.at_state(), what)


def _is_running(case: Case) -> bool:
    """Whether what is to be started is in progress already, as where it is taken over."""
    statuses = case.readiness.statuses
    return case.facts.action is Action.START and all(
        statuses[task.task_id] is Status.IN_PROGRESS for task in case.focus
    )
