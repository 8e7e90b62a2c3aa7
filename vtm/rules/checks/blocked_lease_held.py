"""BLOCKED::LEASE-HELD."""

from collections.abc import Iterator

from vtm.model.facts import Action
from vtm.model.finding import Severity
from vtm.model.lease import Lease
from vtm.rules.case import Case
from vtm.rules.rule import Need, Problem, about, rule


@rule(
    "BLOCKED::LEASE-HELD::<id>",
    Severity.ERROR,
    blocking=True,
    gates=(Action.START, Action.RECORD),
    needs=(Need.LEASES,),
)
def check(case: Case) -> Iterator[Problem]:
    """Somebody else holds the lease of a task.

    Why: two who work at one task overwrite each other. A lease runs out by itself when its holder is not
    heard of any more; then the task may be taken over.

    Fails:
        tasks: [{task_id: A}]
        state: {A: {status: in-progress, owner: ada, epoch: 2}}
        facts: {action: start, occasion: {leases: {A: {
          task: A, owner: ada, session: "", epoch: 2, granted_at: "2026-01-01T00:00:00Z",
          renewed_at: "2026-01-01T00:00:00Z", expires_at: "2026-01-01T00:30:00Z", host: h, pid: 1}}}}

    Passes:
        tasks: [{task_id: A}]
        state: {A: {status: in-progress, owner: ada, epoch: 2}}
        facts: {action: start, occasion: {leases: {}}}

    Fix: take another task, or wait until the lease is over; its holder says `--epoch N` or sets VTM_EPOCH.
    """
    for task in case.focus:
        lease = case.facts.occasion.leases.get(task.task_id)
        if lease is not None and not _is_its_own(lease, case):
            until = f"{lease.expires_at:%Y-%m-%dT%H:%M:%SZ}"
            what = f"{lease.owner} holds {task.task_id} until {until} (epoch {lease.epoch})"
            yield about(task, case.backlog.at_entry(task.task_id), what)


def _is_its_own(lease: Lease, case: Case) -> bool:
    """Whether who asks may be the holder; whether the epoch is right is another question."""
    caller = case.facts.occasion.caller
    if case.facts.action is Action.RECORD:
        return caller.epoch is not None
    return bool(caller.session) and (caller.agent, caller.session) == (lease.owner, lease.session)
