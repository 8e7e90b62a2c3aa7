"""Which leases count."""

import os
import socket
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from vtm.model.backlog import Backlog
from vtm.model.event import Event, Kind
from vtm.model.facts import Caller
from vtm.model.lease import Lease
from vtm.model.status import Status
from vtm.model.task import Task, Timestamp
from vtm.ports.recording import Ledger, Runtime

_TAKEN_UP = {Kind.START, Kind.TAKEOVER}
_GIVING = {Kind.START, Kind.TAKEOVER, Kind.UNDO, Kind.IMPORT}
_LAST = datetime(9999, 12, 31, tzinfo=UTC)


def latest_leases(
    known: Mapping[str, Lease],
    history: Callable[[str], Sequence[Event]],
    backlog: Backlog,
    ttl: timedelta,
) -> dict[str, Lease]:
    """The latest lease of each task that has one, whether or not it is over.

    `known` are those of the database, `history` gives the events of a task. Where an agent started a task
    and the database does not know of it, the lease counts from the last thing that was recorded of the
    task. Where it knows of one that the state shows as ended, that one is over: whoever ended it died before
    the database was told.
    """
    found = {name: lease for name, lease in known.items() if _is_open(lease, backlog)}
    for task in backlog.tasks:
        state = backlog.state_of(task)
        if state.status is Status.IN_PROGRESS and state.owner and state.epoch and task.task_id not in found:
            events = history(task.task_id)
            signs = (event for event in events if event.actor == state.owner or event.event in _GIVING)
            heard = max((event.at for event in signs), default=state.started_at)
            sessions = [event.evidence.session for event in events if event.event in _TAKEN_UP]
            session = sessions[-1] if sessions else ""
            if heard is not None:
                until = moment_after(heard, ttl)
                found[task.task_id] = Lease(
                    task.task_id, state.owner, session, state.epoch, heard, heard, until, "", 0
                )
    return found


def live(leases: Mapping[str, Lease], now: Timestamp) -> dict[str, Lease]:
    """Those of `leases` that are not over."""
    return {name: lease for name, lease in leases.items() if lease.expires_at > now}


def moment_after(now: Timestamp, ttl: timedelta) -> Timestamp:
    """The end of a lease from now on; what no calendar holds is the last moment of all."""
    return now + min(ttl, _LAST - now)


def next_epoch(runtime: Runtime, ledger: Ledger, backlog: Backlog, task: Task) -> int:
    """One more than the largest that state, journal and database know; no lost file makes it an old one."""
    recorded = max((event.epoch for event in ledger.history(task.task_id)), default=0)
    return 1 + max(recorded, backlog.state_of(task).epoch, runtime.epoch(task.task_id))


def new_lease(task_id: str, caller: Caller, epoch: int, now: Timestamp, ttl: timedelta) -> Lease:
    """A lease for the caller, from now on."""
    until = moment_after(now, ttl)
    return Lease(
        task_id, caller.agent, caller.session, epoch, now, now, until, socket.gethostname(), os.getpid()
    )


def _is_open(lease: Lease, backlog: Backlog) -> bool:
    """Whether the state lets a lease of the database count; one that the state has not seen does."""
    if lease.task not in backlog:
        return True
    state = backlog.state_of(backlog[lease.task])
    running = state.status is Status.IN_PROGRESS
    return lease.epoch > state.epoch or (running and lease.epoch == state.epoch)
