"""Looks at leases, and at the database that they are in."""

import socket
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from vtm.app.bench import Bench
from vtm.app.finding_trouble import Found, found
from vtm.discovery import DATABASE
from vtm.model.folding import fold
from vtm.model.lease import Lease
from vtm.model.standing import Standing, standing
from vtm.model.state import State, TaskState
from vtm.model.status import Status
from vtm.queries.examined import Ailment
from vtm.rendering.text.wording import age, moment
from vtm.stores.leftovers import SET_ASIDE, database_problem, set_aside
from vtm.stores.mending import MendingLedger


def examined_leases(bench: Bench, ledger: MendingLedger | None) -> Iterator[Found]:
    """Leases that nobody can use; without a ledger it cannot be told which."""
    folder = bench.files.runtime
    path = shown(bench, folder / DATABASE)
    problem = database_problem(folder)
    if problem:
        what = f"the database with leases and receipts is damaged: {problem}"
        fix = f"it is set aside as {SET_ASIDE}; epochs go on from state and journal"
        yield found(Ailment.DATABASE, path, what, fix, partial(set_aside, folder))
        return
    if ledger is not None:
        for lease in bench.runtime.leases().values():
            yield from _examined(bench, ledger, lease, path)


def _examined(bench: Bench, ledger: MendingLedger, lease: Lease, path: str) -> Iterator[Found]:
    task_id = lease.task
    entry, end = _entry(ledger, task_id), partial(bench.runtime.end, task_id)
    since = age(max(0, int((bench.now - lease.renewed_at).total_seconds())))
    heard = f"{lease.owner} was last heard of {moment(lease.renewed_at.replace(microsecond=0))}, {since} ago"
    if entry is None or entry.status is not Status.IN_PROGRESS:
        status = entry.status if entry else "not in the state"
        what = f"there is a lease of {task_id}, which is {status}; {heard}"
        yield found(Ailment.LEASE_IDLE, path, what, "it is ended", end, task_id=task_id)
    elif _is_over(bench, ledger, lease):
        what = f"the lease of {task_id} is over; {heard}"
        fix = "it is ended; the task stays in progress, and can be taken over"
        yield found(Ailment.LEASE_OVER, path, what, fix, end, task_id=task_id)


def _entry(ledger: MendingLedger, task_id: str) -> TaskState | None:
    """The entry of a task, as it is once it follows the journal."""
    entry, events = (ledger.recorded.state or State()).tasks.get(task_id), ledger.history(task_id)
    return fold(events).state if standing(entry, events) is Standing.BEHIND else entry


def set_aside_before(bench: Bench) -> list[str]:
    """A sentence on a database that was damaged at some time, if there is one."""
    path = bench.files.runtime / SET_ASIDE
    said = f"{shown(bench, path)} is a damaged database that was set aside; nothing reads it"
    return [said] if path.exists() else []


def shown(bench: Bench, path: Path) -> str:
    """A path as one would speak of it: relative to the root, where it lies below it."""
    root = bench.files.root
    return (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()


def _is_over(bench: Bench, ledger: MendingLedger, lease: Lease) -> bool:
    """Whether an agent of this host let its lease run out, and no other one counts once this is ended.

    Who asked for a lease is a process of vtm, which is gone at once: only time tells whether an agent is.
    Without a lease the engine counts one from what was last recorded of the task.
    """
    if lease.host != socket.gethostname() or lease.expires_at > bench.now:
        return False
    heard = max((event.at for event in ledger.history(lease.task)), default=lease.renewed_at)
    return heard + bench.ttl <= bench.now
