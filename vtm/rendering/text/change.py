"""A change of a task as text."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from vtm.model.event import Kind
from vtm.model.state import Evidence, TaskState
from vtm.model.status import Status
from vtm.model.transitions import MOST_ATTEMPTS
from vtm.queries.changed import Changed, Difference
from vtm.rendering.render import Terminal
from vtm.rendering.text.findings import finding_lines
from vtm.rendering.text.wording import moment

UNSAID = {"status", "acs_remaining"}
"""Fields whose change is told in another way."""


def lines(result: Changed, _: Terminal) -> Iterator[str]:
    """What happened, what it changed, and what is left to do."""
    would = "would " if result.dry_run else ""
    by = f" by {result.actor}" if result.actor else ""
    way = f"{result.from_} -> {result.to}" if result.from_ != result.to else f"stays {result.to}"
    yield f"{result.task_id}  {result.title}".rstrip()
    yield f"  {would}{result.event}{by}: {way}"
    yield from difference_lines(result.changes, result.state)
    if result.event is Kind.ATTEMPT and len(result.state.attempts) >= MOST_ATTEMPTS:
        yield "  only a safe exit is left: `vtm block`"
    if result.expires_at:
        yield f"  lease until {moment(result.expires_at)}"
    if result.resolver:
        yield f"  to be resolved by {result.resolver}, which it depends on now"
    yield from finding_lines(result.findings)


def shown(value: Any) -> str:
    """A value in a few words; nothing is `-`."""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, tuple):
        return ", ".join(shown(getattr(each, "text", each)) for each in value) or "-"
    if isinstance(value, dict):
        return ", ".join(f"{key} ({each})" for key, each in value.items()) or "-"
    if isinstance(value, Evidence):
        return "recorded"
    return str(value).replace("\n", " / ") if value or value == 0 else "-"


def difference_lines(changes: Sequence[Difference], state: TaskState) -> Iterator[str]:
    """What is different in the state that came of it, and which criteria are left."""
    for each in changes:
        if each.field not in UNSAID:
            yield f"  {each.field}: {shown(each.before)} -> {shown(each.after)}"
    if state.acs_remaining and state.status is Status.IN_PROGRESS:
        yield f"  criteria left: {', '.join(state.acs_remaining)}"
