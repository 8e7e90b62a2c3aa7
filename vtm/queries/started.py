"""A task that was taken up, with what is needed to work at it."""

from collections.abc import Sequence

from vtm.model.event import Kind
from vtm.model.finding import Finding
from vtm.model.state import TaskState
from vtm.model.status import Status
from vtm.model.task import Task, Timestamp
from vtm.queries.card import TaskCard, card_fields
from vtm.queries.next_task import TDD, Skipped, Tdd


class Started(TaskCard, frozen=True, kw_only=True, tag_field="schema", tag="vtm.start/1"):
    """A task that was taken up.

    Attributes:
        event: `start`, or `takeover` of a task whose lease had run out.
        agent: Who holds the lease; empty: nobody does.
        epoch: To be given with every later change.
        expires_at: When the lease runs out; null: there is none.
        previous: Who held it before a takeover.
        acs_remaining: Ids of criteria that are not met yet.
        findings: Warnings, and what was overridden.
        skipped: Tasks that come before it and cannot be started, with the codes that hold them back.
        dry_run: Whether nothing was written.
    """

    tdd: Tdd
    event: Kind
    agent: str
    session: str
    epoch: int
    expires_at: Timestamp | None
    previous: str
    acs_remaining: Sequence[str]
    state: TaskState
    findings: Sequence[Finding]
    skipped: Sequence[Skipped]
    dry_run: bool


def started(
    task: Task,
    state: TaskState,
    kind: Kind,
    *,
    session: str = "",
    expires_at: Timestamp | None = None,
    previous: str = "",
    findings: Sequence[Finding] = (),
    skipped: Sequence[Skipped] = (),
    dry_run: bool = False,
) -> Started:
    """The answer for `task`, which is in `state` now."""
    return Started(
        **card_fields(task, Status.IN_PROGRESS),
        tdd=TDD[task.risk],
        event=kind,
        agent=state.owner,
        session=session,
        epoch=state.epoch,
        expires_at=expires_at,
        previous=previous,
        acs_remaining=state.left(task),
        state=state,
        findings=findings,
        skipped=skipped,
        dry_run=dry_run,
    )
