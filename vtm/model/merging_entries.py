"""How the two sides of one entry become one: the journal decides, as far as it can."""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import UNSET, ValidationError, convert, json

from vtm.model.event import Event
from vtm.model.folding import fold, in_order
from vtm.model.merging_fields import DEFAULTS, by_field, remaining
from vtm.model.standing import Standing, standing
from vtm.model.state import TaskState
from vtm.model.three_way import Chosen, Clash, Json, Sides, same

_FITTING = {Standing.SAME, Standing.BEHIND}
_FOLLOWING = {"epoch", "last_event", "acs_remaining"}
"""Fields that follow from the others, or from where an entry stands in the journal."""
_KNOWN = {(name,) for name in DEFAULTS}


class Histories(NamedTuple):
    """The events of one task on either side, in the order in which they count."""

    ours: Sequence[Event]
    theirs: Sequence[Event]

    @property
    def union(self) -> list[Event]:
        """The events of both."""
        return in_order([*self.ours, *self.theirs])

    def lacks(self) -> tuple[list[Event], list[Event]]:
        """What theirs has and ours does not, and what ours has and theirs does not."""
        ours, theirs = ({event.id for event in each} for each in self)
        return (
            [event for event in self.theirs if event.id not in ours],
            [event for event in self.ours if event.id not in theirs],
        )


def merged_entry(sides: Sides, histories: Histories) -> Chosen:
    """The entry of one task; a value of `UNSET` means that there is none."""
    only_theirs, only_ours = histories.lacks()
    if not only_theirs and same(sides.theirs, sides.base):
        return Chosen(sides.ours)
    if not only_ours and same(sides.ours, sides.base):
        return Chosen(sides.theirs)
    if same(sides.ours, sides.theirs) and not (only_ours or only_theirs):
        return Chosen(sides.ours)
    union = histories.union
    if union and _fits(sides.ours, histories.ours) and _fits(sides.theirs, histories.theirs):
        replayed = _replayed(sides, union)
        hiding = any(event.evidence.entry is not None for event in (*only_ours, *only_theirs))
        return _unhidden(sides, replayed) if hiding and only_ours and only_theirs else replayed
    present = [each for each in sides[1:] if each is not UNSET]
    if len(present) == 2 and all(isinstance(each, dict) for each in present):
        return _dated(by_field(sides), union)
    return Chosen(sides.changed, (Clash((), sides),) if sides.disputed else ())


def _fits(entry: Json, events: Sequence[Event]) -> bool:
    """Whether an entry is what its journal gives, or will be as soon as vtm writes it."""
    if entry is UNSET:
        return standing(None, events) in _FITTING
    state = _state(entry)
    return state is not None and standing(state, events) in _FITTING


def _state(entry: Json) -> TaskState | None:
    try:
        return convert(entry, TaskState)
    except ValidationError:
        return None


def _replayed(sides: Sides, events: Sequence[Event]) -> Chosen:
    """What the events of both sides come to, with the unknown keys of both entries."""
    state = fold(events).state
    if state is None:
        return Chosen(UNSET)
    sides = Sides(sides.base, *(sides.base if each is UNSET else each for each in sides[1:]))
    entry = by_field(sides)
    value = dict(entry.value)
    told: dict[str, Json] = json.decode(json.encode(state))
    for name, each in told.items():
        if name == "acs_remaining":
            left = remaining(sides, told["acs_completed"])
            value |= {} if left is UNSET else {name: left}
        elif name in value or name == "status" or not same(each, DEFAULTS[name]):
            value[name] = _as_written(sides, name, each)
    return Chosen(value, tuple(clash for clash in entry.clashes if clash.path[:1] not in _KNOWN))


def _as_written(sides: Sides, name: str, told: Json) -> Json:
    """A value in the form in which somebody wrote it, say with another offset from UTC."""
    written = (side[name] for side in sides[1:] if isinstance(side, dict) and name in side)
    return next((each for each in written if _equal(name, each, told)), told)


def _equal(name: str, written: Json, told: Json) -> bool:
    try:
        return convert({name: written}, TaskState) == convert({name: told}, TaskState)
    except ValidationError:
        return False


def _unhidden(sides: Sides, replayed: Chosen) -> Chosen:
    """`replayed`, in which an event that sets a whole entry may hide what only the other side did.

    An import shows one side as it was: what would be lost by it is kept, and is a conflict.
    """
    if replayed.value is UNSET:
        return replayed
    apart = by_field(sides)
    disputed = {clash.path[0] for clash in apart.clashes if clash.path}
    lost = {}
    for name, default in DEFAULTS.items():
        kept, told = (each.value.get(name, default) for each in (apart, replayed))
        if name not in _FOLLOWING | disputed and not same(_as_set(kept), _as_set(told)):
            lost[name] = kept
    clashes = (Clash((name,), sides.member(name)) for name in lost)
    return Chosen(replayed.value | lost, (*replayed.clashes, *clashes))


def _as_set(value: Json) -> Json:
    """Lines and lists without their order, in which the two sides may differ and nothing is lost."""
    parts = value.splitlines() if isinstance(value, str) else value
    plain = isinstance(parts, list) and all(isinstance(each, str) for each in parts)
    return sorted(parts) if plain else value


def _dated(entry: Chosen, events: Sequence[Event]) -> Chosen:
    """An entry merged field by field shows the last event of both sides, or none where that is unknown."""
    clashes = [clash for clash in entry.clashes if clash.path != ("last_event",)]
    if len(clashes) == len(entry.clashes):
        return entry
    last = events[-1].id if events else ""
    return Chosen(entry.value | {"last_event": last}, tuple(clashes))
