"""The state that a journal gives."""

from collections.abc import Iterable
from typing import NamedTuple

from vtm.model.effects import applied
from vtm.model.event import Event
from vtm.model.state import UNTOUCHED, TaskState
from vtm.model.transitions import ANYWHERE, TRANSITIONS


class Jump(NamedTuple):
    """An event that does not go on from where the task was then; `status` is what it was."""

    event: Event
    status: str


class Folded(NamedTuple):
    """What the events of one task come to.

    Attributes:
        state: None where nothing has happened, or the entry was taken away.
        jumps: Events that were not legal where they stand.
    """

    state: TaskState | None
    jumps: tuple[Jump, ...]


def in_order(events: Iterable[Event]) -> list[Event]:
    """The events of one task in the order in which they count; each id once."""
    return sorted({event.id: event for event in events}.values(), key=lambda event: event.order)


def fold(events: Iterable[Event]) -> Folded:
    """What the events of one task come to, whatever order they are handed in."""
    state: TaskState | None = None
    jumps = []
    for event in in_order(events):
        now = (state or UNTOUCHED).status
        fits = event.event in ANYWHERE or (
            event.from_ is now and TRANSITIONS.get((now, event.event)) is event.to
        )
        if not fits:
            jumps.append(Jump(event, now))
        state = applied(state or UNTOUCHED, event)
    return Folded(state, tuple(jumps))


def by_task(events: Iterable[Event]) -> dict[str, list[Event]]:
    """Events by task, in order of first mention."""
    found: dict[str, list[Event]] = {}
    for event in events:
        found.setdefault(event.task, []).append(event)
    return found
