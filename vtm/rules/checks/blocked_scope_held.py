"""BLOCKED::SCOPE-HELD."""

from collections.abc import Iterator, Sequence
from itertools import islice

from vtm.model.facts import Action
from vtm.model.finding import Severity
from vtm.model.lease import Lease
from vtm.model.status import Status
from vtm.model.task import Task
from vtm.rules.case import Case
from vtm.rules.rule import Need, Problem, about, rule


@rule(
    "BLOCKED::SCOPE-HELD::<id>",
    Severity.ERROR,
    blocking=True,
    gates=(Action.START,),
    needs=(Need.LEASES,),
)
def check(case: Case) -> Iterator[Problem]:
    """An agent works at another task that may change the same files, or that a task names as a conflict.

    Why: what two agents change at once comes back as a merge conflict, or worse, as none. A scope is held
    with the lease and freed with it. A task without `file_scope` holds nothing, nor does whoever starts a
    task without `--agent`; and what one session holds is no obstacle to itself.

    Fails:
        tasks: [{task_id: A, file_scope: [src/a/x.py]}, {task_id: B, file_scope: [src/a/**]}]
        state: {B: {status: in-progress, owner: ada, epoch: 2}}
        facts: {action: start, occasion: {leases: {B: {
          task: B, owner: ada, session: "", epoch: 2, granted_at: "2026-01-01T00:00:00Z",
          renewed_at: "2026-01-01T00:00:00Z", expires_at: "2026-01-01T00:30:00Z", host: h, pid: 1}}}}

    Passes:
        tasks: [{task_id: A, file_scope: [src/a/x.py]}, {task_id: B, file_scope: [src/b/**]}]
        state: {B: {status: in-progress, owner: ada, epoch: 2}}
        facts: {action: start, occasion: {leases: {B: {
          task: B, owner: ada, session: "", epoch: 2, granted_at: "2026-01-01T00:00:00Z",
          renewed_at: "2026-01-01T00:00:00Z", expires_at: "2026-01-01T00:30:00Z", host: h, pid: 1}}}}

    Fix: take another task, or wait until that one is done or its lease is over.
    """
    occasion = case.facts.occasion
    if not occasion.leases or (occasion.event is not None and not occasion.caller.agent):
        return
    others = [each for each in occasion.leases.values() if not _is_the_callers(each, case)]
    if not others:
        return
    for task in case.focus:
        if case.backlog.status(task.task_id) in {Status.PENDING, Status.IN_PROGRESS}:
            yield from islice(_in_the_way(task, others, case), 1)


def _in_the_way(task: Task, others: Sequence[Lease], case: Case) -> Iterator[Problem]:
    from vtm.graph.compatibility import conflict  # noqa: PLC0415  2 ms, only where others hold something

    for lease in others:
        if lease.task == task.task_id or lease.task not in case.backlog:
            continue
        why = conflict(task, case.backlog[lease.task])
        if why:
            until = f"{lease.expires_at:%Y-%m-%dT%H:%M:%SZ}"
            what = f"{lease.owner} holds {lease.task} until {until}, and {why}"
            yield about(task, case.backlog.at_entry(task.task_id), what)


def _is_the_callers(lease: Lease, case: Case) -> bool:
    caller = case.facts.occasion.caller
    return bool(caller.agent) and (caller.agent, caller.session) == (lease.owner, lease.session)
