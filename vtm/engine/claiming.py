"""Takes tasks up: one that was named, or the first that can be started."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import NamedTuple

from msgspec.structs import replace

from vtm.engine.desk import Desk
from vtm.engine.leases import moment_after, new_lease, next_epoch
from vtm.engine.request import refuse
from vtm.graph.readiness import Readiness
from vtm.model.event import Details, Kind
from vtm.model.facts import Caller, Occasion
from vtm.model.finding import Finding
from vtm.model.lease import Lease
from vtm.model.override import NO_OVERRIDE, Override
from vtm.model.status import Status
from vtm.model.task import Task
from vtm.model.transitions import advance, target
from vtm.ports.recording import Step
from vtm.queries.filters import Filters
from vtm.queries.next_task import NoTask, Skipped, next_task
from vtm.queries.started import Started, started


class Claim(NamedTuple):
    """How somebody takes a task up.

    Attributes:
        ttl: How long the lease is to last; None: as set.
    """

    caller: Caller
    ttl: timedelta | None = None
    override: Override = NO_OVERRIDE
    dry_run: bool = False


def start(desk: Desk, name: str, claim: Claim) -> Started:
    """Take up the task with this id; one whose lease has run out is taken over.

    Raises:
        RefusedError: Gates refuse, or somebody else holds it.
        IllegalTransitionError: It is not pending, and there is no lease that could run out.
    """
    task = desk.task(name)
    leases = desk.leases()
    lease = leases.get(task.task_id)
    if lease is not None and _is_held_by(claim.caller, lease, desk, task):
        return _again(desk, task, lease, claim)
    kind = _kind(desk, task, lease, claim.caller)
    findings = _findings_of(desk, leases, kind, claim)(task)
    passed = claim.override.applied(findings)
    refuse(passed, f"cannot start {task.task_id}")
    target(task.task_id, desk.backlog.state_of(task).status, kind)
    return _take(desk, task, kind, leases, claim, findings)


def retake(desk: Desk, task: Task, claim: Claim) -> Started:
    """Take up a task that is in progress for a session that is over, for another one.

    Whoever says so has seen to it that the session is over; the epoch is another one from then on.
    """
    return _take(desk, task, Kind.TAKEOVER, desk.leases(), claim, ())


def claim_next(desk: Desk, filters: Filters, claim: Claim) -> Started | NoTask:
    """Take up the first task that can be started; when there is none, the one whose lease ran out first."""
    leases = desk.leases()
    findings_of = _findings_of(desk, leases, Kind.START, claim)
    answer = next_task(
        Readiness(desk.backlog),
        filters,
        lambda task: claim.override.applied(findings_of(task)),
        startable=True,
    )
    if isinstance(answer, NoTask):
        return _take_over(desk, filters, leases, claim, answer)
    before = desk.backlog
    task = desk.task(answer.task_id)
    if desk.backlog is not before:  # its journal knew better; each task can turn out so but once
        return claim_next(desk, filters, claim)
    return _take(desk, task, Kind.START, leases, claim, findings_of(task), answer.skipped)


def _take_over(
    desk: Desk, filters: Filters, leases: dict[str, Lease], claim: Claim, otherwise: NoTask
) -> Started | NoTask:
    running = {task.task_id: task for task in filters.keep(desk.backlog.tasks) if _is_running(desk, task)}
    over = [lease for name, lease in leases.items() if name in running and lease.expires_at <= desk.now]
    findings_of = _findings_of(desk, leases, Kind.TAKEOVER, claim)
    skipped = list(otherwise.skipped)
    for lease in sorted(over, key=lambda lease: (lease.expires_at, lease.task)):
        task = desk.task(lease.task)
        if not _is_running(desk, task):
            continue
        findings = findings_of(task)
        blocking = [each.code for each in claim.override.applied(findings) if each.blocking]
        if not blocking:
            return _take(desk, task, Kind.TAKEOVER, leases, claim, findings, skipped)
        skipped.append(Skipped(task.task_id, list(dict.fromkeys(blocking))))
    return replace(otherwise, skipped=skipped)


def _take(
    desk: Desk,
    task: Task,
    kind: Kind,
    leases: dict[str, Lease],
    claim: Claim,
    findings: Sequence[Finding],
    skipped: Sequence[Skipped] = (),
) -> Started:
    before = desk.backlog.state_of(task)
    caller, old = claim.caller, leases.get(task.task_id)
    epoch = next_epoch(desk.runtime, desk.ledger, desk.backlog, task)
    details = Details(owner=caller.agent, session=caller.session)
    if kind is Kind.TAKEOVER and old is not None:
        details = replace(details, previous=old.owner, previous_at=old.renewed_at)
    details = claim.override.noted(details, findings)
    event = desk.event(task, kind, Status.IN_PROGRESS, caller, details, epoch)
    after = advance(task, before, event)
    lease = new_lease(task.task_id, caller, epoch, desk.now, claim.ttl or desk.ttl) if caller.agent else None
    if not claim.dry_run:
        desk.write(task, event, after, grant=lease)
    else:
        desk.ledger.rehearse([Step(event, after)])
    return started(
        task,
        after,
        kind,
        session=caller.session,
        expires_at=lease.expires_at if lease else None,
        previous=details.previous,
        findings=claim.override.applied(findings),
        skipped=skipped,
        dry_run=claim.dry_run,
    )


def _again(desk: Desk, task: Task, lease: Lease, claim: Claim) -> Started:
    """The answer for who holds the task already: a call is repeated when its answer was lost."""
    until = max(lease.expires_at, moment_after(desk.now, claim.ttl or desk.ttl))
    if not claim.dry_run:
        desk.runtime.grant(replace(lease, renewed_at=desk.now, expires_at=until))
    state = desk.backlog.state_of(task)
    return started(task, state, Kind.START, session=lease.session, expires_at=until, dry_run=claim.dry_run)


def _findings_of(
    desk: Desk, leases: dict[str, Lease], kind: Kind, claim: Claim
) -> Callable[[Task], list[Finding]]:
    """What is said of a task; it is worked out once, though it is asked for to choose and to take it."""
    judged = desk.around.startable(desk.backlog, Occasion(kind, claim.caller, desk.live(leases)))
    found: dict[str, list[Finding]] = {}

    def findings_of(task: Task) -> list[Finding]:
        if task.task_id not in found:
            found[task.task_id] = judged(task)
        return found[task.task_id]

    return findings_of


def _kind(desk: Desk, task: Task, lease: Lease | None, caller: Caller) -> Kind:
    over = lease is not None and lease.expires_at <= desk.now
    return Kind.TAKEOVER if over and caller.agent and _is_running(desk, task) else Kind.START


def _is_running(desk: Desk, task: Task) -> bool:
    return desk.backlog.state_of(task).status is Status.IN_PROGRESS


def _is_held_by(caller: Caller, lease: Lease, desk: Desk, task: Task) -> bool:
    same = bool(caller.session) and (caller.agent, caller.session) == (lease.owner, lease.session)
    current = _is_running(desk, task) and lease.epoch == desk.backlog.state_of(task).epoch
    return same and current and lease.expires_at > desk.now
