"""What came of a worker's report."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct, field

from vtm.model.event import Kind
from vtm.model.finding import Finding
from vtm.model.report import Claim
from vtm.model.state import TaskState
from vtm.model.status import Status
from vtm.model.task import Task, Timestamp
from vtm.queries.changed import Changed, Difference


class Outcome(StrEnum):
    """How much of a report was recorded.

    `applied` all of it, `partly` the criteria but not that the task is done, `refused` nothing, `unchanged`
    nothing because it says nothing new.
    """

    APPLIED = "applied"
    PARTLY = "partly"
    REFUSED = "refused"
    UNCHANGED = "unchanged"


class ReportBack(Struct, frozen=True, kw_only=True, tag_field="schema", tag="vtm.report-back/1"):
    """What came of a worker's report.

    Attributes:
        reported: How the worker says that the task stands.
        event: What was recorded; null: nothing.
        id: Of the line in the journal; with `dry_run` there is none of this id. Empty: nothing was recorded.
        criteria: Ids of those that are met by this report and were not before.
        changes: What is different in the state, without bookkeeping.
        expires_at: When the lease runs out; null: the task is under none.
        missing: What keeps a task that is reported as completed from being so.
        findings: Warnings.
        dry_run: Whether nothing was written.
    """

    task_id: str
    title: str
    reported: Claim
    outcome: Outcome
    event: Kind | None = None
    id: str = ""
    actor: str = ""
    from_: Status = field(name="from")
    to: Status
    criteria: Sequence[str] = ()
    changes: Sequence[Difference] = ()
    state: TaskState
    expires_at: Timestamp | None = None
    missing: Sequence[Finding] = ()
    findings: Sequence[Finding] = ()
    dry_run: bool = False

    @property
    def ok(self) -> bool:
        """Whether nothing is left to do about the report."""
        return self.outcome in {Outcome.APPLIED, Outcome.UNCHANGED}


def recorded(
    change: Changed, reported: Claim, criteria: Sequence[str], missing: Sequence[Finding]
) -> ReportBack:
    """The answer where something was recorded."""
    return ReportBack(
        task_id=change.task_id,
        title=change.title,
        reported=reported,
        outcome=Outcome.PARTLY if missing else Outcome.APPLIED,
        event=change.event,
        id=change.id,
        actor=change.actor,
        from_=change.from_,
        to=change.to,
        criteria=criteria,
        changes=change.changes,
        state=change.state,
        expires_at=change.expires_at,
        missing=missing,
        findings=change.findings,
        dry_run=change.dry_run,
    )


def left_alone(
    task: Task,
    state: TaskState,
    reported: Claim,
    found: Sequence[Finding] = (),
    *,
    expires_at: Timestamp | None = None,
    dry_run: bool = False,
) -> ReportBack:
    """The answer where nothing was recorded: refused where one of `found` blocks, else nothing is new."""
    missing = [each for each in found if each.blocking]
    return ReportBack(
        task_id=task.task_id,
        title=task.title,
        reported=reported,
        outcome=Outcome.REFUSED if missing else Outcome.UNCHANGED,
        from_=state.status,
        to=state.status,
        state=state,
        expires_at=expires_at,
        missing=missing,
        findings=[each for each in found if not each.blocking],
        dry_run=dry_run,
    )
