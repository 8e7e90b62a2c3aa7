"""What a change has made of a task."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct, field

from vtm.model.event import Event, Kind
from vtm.model.finding import Finding
from vtm.model.state import UNTOUCHED, TaskState
from vtm.model.status import Status
from vtm.model.task import Task, Timestamp

_BOOKKEEPING = {"last_event", "criteria"}


class Difference(Struct, frozen=True):
    """A field of an entry that a change sets."""

    field: str
    before: Any
    after: Any


class Changed(Struct, frozen=True, kw_only=True, tag_field="schema", tag="vtm.change/1"):
    """A change of one task, and the state after it.

    Attributes:
        id: Of the line in the journal; with `dry_run` there is none of this id.
        changes: What is different in the state, without bookkeeping.
        expires_at: When the lease runs out; null: it is under none.
        findings: Warnings, and what was overridden.
        dry_run: Whether nothing was written.
        resolver: Id of the task that was added to resolve what blocks this one; empty: none was.
    """

    task_id: str
    title: str
    event: Kind
    id: str
    actor: str
    from_: Status = field(name="from")
    to: Status
    changes: Sequence[Difference]
    state: TaskState
    expires_at: Timestamp | None = None
    findings: Sequence[Finding] = ()
    dry_run: bool = False
    resolver: str = ""


def differences(before: TaskState, after: TaskState) -> list[Difference]:
    """What `after` has that `before` has not; the last event and ids of boxes do not count."""
    return [
        Difference(name, getattr(before, name), getattr(after, name))
        for name in TaskState.__struct_fields__
        if name not in _BOOKKEEPING and getattr(before, name) != getattr(after, name)
    ]


def changed(task: Task, event: Event, before: TaskState, after: TaskState | None, **more: Any) -> Changed:
    """The answer for `event`, which made `after` of `before`; `more` are further fields of it."""
    now = after or UNTOUCHED
    return Changed(
        task_id=task.task_id,
        title=task.title,
        event=event.event,
        id=event.id,
        actor=event.actor,
        from_=event.from_,
        to=now.status,
        changes=differences(before, now),
        state=now,
        **more,
    )
