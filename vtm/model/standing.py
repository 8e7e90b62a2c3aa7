"""How an entry of the state stands to the journal."""

from collections.abc import Sequence
from enum import StrEnum
from itertools import accumulate

from msgspec.structs import replace

from vtm.model.effects import applied
from vtm.model.event import Event
from vtm.model.folding import fold
from vtm.model.state import UNTOUCHED, TaskState, decided
from vtm.model.status import Status


class Standing(StrEnum):
    """How an entry stands to the events of its task.

    `same`: it is what they come to. `behind`: it does not show the last of them yet. `edited`: somebody wrote
    it who left no line. `foreign`: it shows an event that the journal does not have.
    """

    SAME = "same"
    BEHIND = "behind"
    EDITED = "edited"
    FOREIGN = "foreign"


def standing(entry: TaskState | None, events: Sequence[Event], *, own_file: bool = False) -> Standing:
    """How `entry` (None: there is none) stands to `events`, which are in the order in which they count.

    Where the task has a file of its own, that has the last word on status, times and boxes: an entry that
    shows no event may have said anything of them.
    """
    if entry is not None and entry.last_event:
        if entry.last_event not in {event.id for event in events}:
            return Standing.FOREIGN
        if entry.last_event != events[-1].id:
            return Standing.BEHIND
        if decided(entry) == decided(fold(events).state):
            return Standing.SAME
        return Standing.BEHIND if _is_of_one_branch(entry, events) else Standing.EDITED
    if not events:
        return Standing.SAME if decided(entry) == decided(None) else Standing.EDITED
    if entry is None:
        return Standing.SAME if fold(events).state is None else Standing.BEHIND
    compared = _beside_the_file if own_file else decided
    known = compared(entry) in [compared(each) for each in _stages(events)]
    return Standing.BEHIND if known else Standing.EDITED


def _beside_the_file(entry: TaskState) -> TaskState:
    """What of an entry its events decide and a task's own file does not have."""
    return replace(
        decided(entry), status=Status.PENDING, started_at=None, completed_at=None, acs_completed=()
    )


def _is_of_one_branch(entry: TaskState, events: Sequence[Event]) -> bool:
    """Whether an entry shows what one branch wrote and lacks what another did, as after a union merge."""
    by_id = {event.id: event for event in events}
    seen: dict[str, Event] = {}
    at = entry.last_event
    while at in by_id and at not in seen:
        seen[at] = by_id[at]
        at = by_id[at].follows
    return len(seen) < len(by_id) and decided(entry) == decided(fold(seen.values()).state)


def _stages(events: Sequence[Event]) -> list[TaskState]:
    """What the entry was after each event, and before the first one."""
    stages = accumulate(events, lambda state, event: applied(state, event) or UNTOUCHED, initial=UNTOUCHED)
    return list(stages)
