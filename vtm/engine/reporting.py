"""Takes the report of a worker: all of it, or as much as is legal, as one transition."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from vtm.engine.desk import Desk
from vtm.engine.request import Request, refuse
from vtm.errors import ConflictError, WrongUsageError
from vtm.model.backlog import Backlog
from vtm.model.counting import epochs_taken
from vtm.model.event import Details, Kind, Reported
from vtm.model.facts import Action, Caller, Occasion
from vtm.model.finding import CONFLICTS, Finding
from vtm.model.lease import Lease
from vtm.model.naming import criteria_named
from vtm.model.refusal import RefusedError
from vtm.model.report import Claim, WorkerReport, told
from vtm.model.state import Evidence, TaskState
from vtm.model.status import Status
from vtm.model.task import Task, Texts
from vtm.model.transitions import IllegalTransitionError
from vtm.queries.report_back import ReportBack, left_alone, recorded

_KINDS = {Claim.COMPLETED: Kind.COMPLETE, Claim.BLOCKED: Kind.BLOCK, Claim.IN_PROGRESS: Kind.MEET}
_FILES_KEPT = 200


class HeldByOtherError(RefusedError):
    """A report comes from somebody who does not hold the task that somebody holds."""


class Reporting(NamedTuple):
    """A report to be taken.

    Attributes:
        report: With paths that are relative to the root.
        digest: SHA-256 of what it says, in hex.
        result: What its tests show, at which commit; None: nothing.
    """

    report: WorkerReport
    digest: str
    result: Evidence | None
    caller: Caller
    dry_run: bool = False


class _Criteria(NamedTuple):
    """Criteria of a task: reported as met and not yet recorded so; reported as open."""

    fresh: Texts
    open: Texts


def take_report(desk: Desk, asked: Reporting) -> ReportBack:
    """Record what a report says.

    Raises:
        WrongUsageError: There is no such task or criterion, or the report contradicts itself.
        HeldByOtherError: Somebody else holds the task.
        RefusedError: Its epoch is over, or its attempts are used up.
        ConflictError: Report and caller name different epochs.
        IllegalTransitionError: The task is not in progress, and is not what the report says it is either.
    """
    report = asked.report
    task = desk.task(report.task_id)
    state = desk.backlog.state_of(task)
    criteria = _criteria(desk.backlog, task, report)
    if _taken_before(desk, task, asked):
        return left_alone(task, state, report.status, dry_run=asked.dry_run)
    asked = asked._replace(caller=_caller(asked))
    leases = desk.leases()
    occasion = Occasion(
        _KINDS[report.status], asked.caller, desk.live(leases), asked.result, reported=report.files_modified
    )
    _guard(desk, task, occasion)
    if state.status is not Status.IN_PROGRESS:
        if criteria.fresh or state.status.value != report.status.value:
            raise _not_running(task, state, report)
        known = desk.around.gates(desk.backlog, task, Action.REPORT, occasion)
        return left_alone(task, state, report.status, known, dry_run=asked.dry_run)
    found = _judged(desk, task, occasion, criteria)
    if criteria.fresh or not (_blocking(found) or report.status is Claim.IN_PROGRESS):
        return _recorded(desk, task, asked, criteria, leases, found)
    return _nothing_new(desk, task, asked, leases, found)


def _nothing_new(
    desk: Desk, task: Task, asked: Reporting, leases: Mapping[str, Lease], found: Sequence[Finding]
) -> ReportBack:
    """Record nothing, but that who reports is alive."""
    state = desk.backlog.state_of(task)
    lease = desk.prolonged(leases.get(task.task_id), state, asked.caller)
    if lease and not asked.dry_run:
        desk.runtime.grant(lease)
    return left_alone(
        task,
        state,
        asked.report.status,
        found,
        expires_at=lease.expires_at if lease else None,
        dry_run=asked.dry_run,
    )


def _recorded(
    desk: Desk,
    task: Task,
    asked: Reporting,
    criteria: _Criteria,
    leases: Mapping[str, Lease],
    found: Sequence[Finding],
) -> ReportBack:
    """Record all of it, or the criteria alone where a completion is refused."""
    missing = _blocking(found)
    kind = Kind.MEET if missing else _KINDS[asked.report.status]
    request = Request(task.task_id, kind, asked.caller, lambda *_: Details(), dry_run=asked.dry_run)
    report = asked.report
    kept = Reported(asked.digest, not missing, report.files_modified[:_FILES_KEPT], report.duration_minutes)
    details = replace(told(report, kind), criteria=criteria.fresh, result=asked.result, report=kept)
    warnings = [each for each in found if not each.blocking]
    change = desk.carry_out(task, request, details, leases, warnings)
    return recorded(change, report.status, criteria.fresh, missing)


def _blocking(found: Sequence[Finding]) -> list[Finding]:
    return [each for each in found if each.blocking]


def _criteria(backlog: Backlog, task: Task, report: WorkerReport) -> _Criteria:
    met = criteria_named(backlog, task, report.acs_completed)
    left = criteria_named(backlog, task, report.acs_remaining)
    both = [each for each in met if each in left]
    if both:
        raise WrongUsageError(
            f"the report says that {', '.join(both)} is met, and that it is not",
            code="CONTRADICTORY-REPORT",
            fix="name each criterion in `acs_completed` or in `acs_remaining`, not in both",
        )
    known = set(backlog.state_of(task).acs_completed)
    return _Criteria(tuple(each for each in met if each not in known), left)


def _taken_before(desk: Desk, task: Task, asked: Reporting) -> bool:
    """Whether this very report was taken as a whole; one that names no epoch, since the task was started."""
    epochs = epochs_taken(desk.ledger.history(task.task_id), asked.digest)
    return bool(epochs) and (asked.report.epoch is not None or desk.backlog.state_of(task).epoch in epochs)


def _caller(asked: Reporting) -> Caller:
    """Who reports, under the epoch of the report."""
    own, given = asked.report.epoch, asked.caller.epoch
    if own is not None and given is not None and own != given:
        task_id = asked.report.task_id
        raise ConflictError(
            f"the report is of epoch {own} of {task_id}, and the call is of epoch {given}",
            code=f"BLOCKED::STALE-EPOCH::{task_id}",
            fix="leave out --epoch, and unset VTM_EPOCH, to report what somebody else has done",
        )
    return replace(asked.caller, epoch=given if own is None else own)


def _guard(desk: Desk, task: Task, occasion: Occasion) -> None:
    what = f"cannot take the report on {task.task_id}"
    blocking = _blocking(desk.around.guards(desk.backlog, task, occasion))
    if task.task_id in occasion.leases and any(each.code.startswith(CONFLICTS) for each in blocking):
        raise HeldByOtherError(what, blocking)
    refuse(blocking, what)


def _not_running(task: Task, state: TaskState, report: WorkerReport) -> IllegalTransitionError:
    return IllegalTransitionError(
        f"cannot take the report that {task.task_id} is {report.status}: it is {state.status}, and a report "
        f"is taken while its task is {Status.IN_PROGRESS}",
        code="ILLEGAL-TRANSITION",
        fix=f"`vtm log {task.task_id}` shows what happened to it; a pending task is taken up by `vtm start`",
    )


def _judged(desk: Desk, task: Task, occasion: Occasion, criteria: _Criteria) -> Sequence[Finding]:
    """What gates say if the criteria are as the report has them."""
    if occasion.event is not Kind.COMPLETE:
        return desk.around.gates(desk.backlog, task, Action.REPORT, occasion)
    state = desk.backlog.state_of(task)
    met = tuple(each for each in (*state.acs_completed, *criteria.fresh) if each not in criteria.open)
    supposed = desk.backlog.supposing(task, replace(state, acs_completed=met))
    occasion = replace(occasion, unread=desk.around.unread(task))
    return desk.around.gates(supposed, task, Action.COMPLETE, occasion)
