"""WARN::REPEATED-BLOCKER."""

from collections.abc import Iterator
from heapq import nsmallest

from vtm.graph.reach import direct_followers, followers
from vtm.model.finding import Severity
from vtm.model.status import Status
from vtm.rules.case import Case
from vtm.rules.rule import Problem, about, rule

_MANY = 3
_BOUND = 1000


@rule("WARN::REPEATED-BLOCKER", Severity.WARNING)
def check(case: Case) -> Iterator[Problem]:
    """One blocked or abandoned task holds up three or more tasks.

    Why: it is where help counts most. A task counts if it depends on the blocker, or on a pending task that
    counts; a waived dependency holds nothing up.

    Fails:
        tasks:
          - {task_id: A}
          - {task_id: B, depends_on_tasks: [A]}
          - {task_id: C, depends_on_tasks: [B]}
          - {task_id: D, depends_on_tasks: [C]}
        state: {A: {status: blocked}}

    Passes:
        tasks:
          - {task_id: A}
          - {task_id: B, depends_on_tasks: [A]}
          - {task_id: C, depends_on_tasks: [B]}
          - {task_id: D, depends_on_tasks: [C]}
        state: {A: {status: blocked}, C: {waived: {B: stubbed}}}

    Fix: unblock this task first; if it is abandoned, waive the dependencies on it or replace them.
    """
    backlog, statuses = case.backlog, case.readiness.statuses
    blockers = [task for task in case.focus if statuses[task.task_id] in {Status.BLOCKED, Status.ABANDONED}]
    direct = direct_followers(backlog, case.readiness) if blockers else {}
    for task in blockers:
        held = followers(direct, statuses, task.task_id, _BOUND)
        if len(held) >= _MANY:
            count = f"{len(held)} or more" if len(held) == _BOUND else len(held)
            first = ", ".join(nsmallest(3, held, key=backlog.position))
            what = f"{task.task_id} is {statuses[task.task_id]} and holds up {count} tasks, first {first}"
            yield about(task, backlog.at_entry(task.task_id), what)
