"""BLOCKED::STALE-EPOCH."""

from collections.abc import Iterator

from vtm.model.facts import Action
from vtm.model.finding import Severity
from vtm.rules.case import Case
from vtm.rules.rule import Problem, about, rule


@rule("BLOCKED::STALE-EPOCH::<id>", Severity.ERROR, blocking=True, gates=(Action.RECORD,))
def check(case: Case) -> Iterator[Problem]:
    """A change is asked for under a lease that is over, because the task was started or taken over since.

    Why: a late writer would overwrite what its successor has done.

    Fails:
        tasks: [{task_id: A}]
        state: {A: {status: in-progress, epoch: 2}}
        facts: {action: record, occasion: {caller: {epoch: 1}}}

    Passes:
        tasks: [{task_id: A}]
        state: {A: {status: in-progress, epoch: 2}}
        facts: {action: record, occasion: {caller: {epoch: 2}}}

    Fix: stop working at it and take another task; what is committed on your branch is not lost.
    """
    given = case.facts.occasion.caller.epoch
    for task in case.focus:
        state = case.backlog.state_of(task)
        lease = case.facts.occasion.leases.get(task.task_id)
        newer = lease is not None and lease.epoch > state.epoch  # the state went back, as after a git reset
        epoch, owner = (lease.epoch, lease.owner) if lease and newer else (state.epoch, state.owner)
        if given is not None and given != epoch:
            whose = f", which {owner} holds" if owner else ""
            gone = "is over" if given < epoch else "was never given out"
            what = f"epoch {given} of {task.task_id} {gone}; it is at {epoch}{whose}"
            yield about(task, case.backlog.at_entry(task.task_id, "epoch"), what)
