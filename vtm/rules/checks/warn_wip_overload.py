"""WARN::WIP-OVERLOAD."""

from collections.abc import Iterator

from vtm.model.finding import Severity
from vtm.model.status import Status
from vtm.rules.case import Case
from vtm.rules.rule import Problem, rule


@rule("WARN::WIP-OVERLOAD", Severity.WARNING)
def check(case: Case) -> Iterator[Problem]:
    """More tasks are in progress than `wip_limit` allows.

    Why: nothing more can be started until some are finished, and work that is half done is what gets lost.

    Fails:
        tasks: [{task_id: A}, {task_id: B}]
        state: {A: {status: in-progress}, B: {status: in-progress}}
        facts: {settings: {wip_limit: 1}}

    Passes:
        tasks: [{task_id: A}, {task_id: B}]
        state: {A: {status: in-progress}, B: {status: completed}}
        facts: {settings: {wip_limit: 1}}

    Fix: finish, block or release tasks until the limit is kept, or raise `wip_limit` in vtm.toml.
    """
    limit = case.settings.wip_limit
    running = tuple(task.task_id for task in case.readiness.tasks_with(Status.IN_PROGRESS))
    if limit and len(running) > limit:
        what = f"{len(running)} tasks are in progress and the limit is {limit}: {', '.join(running)}"
        yield Problem(case.backlog.at_state("tasks"), what, running)
