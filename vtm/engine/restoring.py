"""Gives all tasks the entries back that they had at another time."""

from collections.abc import Mapping
from contextlib import nullcontext

from msgspec.structs import replace

from vtm.engine.desk import Desk
from vtm.engine.leases import new_lease
from vtm.model.event import Details, Event, Kind
from vtm.model.facts import Caller
from vtm.model.lease import Lease
from vtm.model.state import UNTOUCHED, State, TaskState, decided
from vtm.model.status import Status
from vtm.model.transitions import advance
from vtm.ports.recording import Step
from vtm.queries.checkpoint_shown import is_same


def restore(desk: Desk, entries: Mapping[str, TaskState], caller: Caller, reason: str) -> list[str]:
    """Let each task be as in `entries`, by one new line for each that is not; the ids of those.

    Epochs never go back, and no old lease comes back: a task that was in progress may be taken over at once.
    All of it is written, or nothing; to do it again does nothing.

    Raises:
        ConflictError: An entry and its journal do not belong together, or somebody else wrote.
        ExternalError: The system or the database refuses; nothing was written.
    """
    known = dict((desk.ledger.recorded.state or State()).tasks)
    wanted = [name for name in sorted({*entries, *known}) if not is_same(entries.get(name), known.get(name))]
    leases, steps, over = desk.runtime.leases(), [], []
    for name in wanted:
        desk.ledger.settle(name, desk.now)
    now = (desk.ledger.recorded.state or State()).tasks
    for name in wanted:
        step = _step(desk, name, now.get(name), entries.get(name), caller, reason)
        steps.append(step)
        if step.state is not None and step.state.status is Status.IN_PROGRESS and step.state.owner:
            over.append(_over(desk, step))
    if not steps:
        return []
    with desk.runtime.transaction() if leases or over else nullcontext():
        for name in wanted:
            if name in leases:
                desk.runtime.end(name)
        for lease in over:
            desk.runtime.grant(lease)
        desk.ledger.write(steps, desk.now)
    desk.notices += desk.ledger.notices
    return wanted


def _step(
    desk: Desk, name: str, now: TaskState | None, then: TaskState | None, caller: Caller, reason: str
) -> Step:
    task = next((desk.backlog[each] for each in [name] if each in desk.backlog), None)
    before, entry = now or UNTOUCHED, decided(then)
    kind = Kind.DROP if task is None and then is None else Kind.UNDO
    stamp = desk.ledger.stamp(name, desk.now)
    epoch = max(before.epoch, entry.epoch)
    if entry.status is Status.IN_PROGRESS:
        epoch = 1 + max(
            epoch, desk.runtime.epoch(name), *(each.epoch for each in desk.ledger.history(name)), 0
        )
    details = Details(reason=reason) if kind is Kind.DROP else Details(reason=reason, entry=entry)
    event = Event(
        stamp.id,
        stamp.at,
        name,
        kind,
        before.status,
        entry.status,
        caller.agent or caller.user,
        epoch,
        details,
        stamp.follows,
    )
    return Step(event, None if kind is Kind.DROP else advance(task, before, event))


def _over(desk: Desk, step: Step) -> Lease:
    """A lease for who worked at a task then, which is over: nobody knows whether that agent still lives."""
    state = step.state or UNTOUCHED
    owner = Caller(agent=state.owner)
    lease = new_lease(step.event.task, owner, state.epoch, desk.now, desk.ttl)
    return replace(lease, expires_at=desk.now)
