"""How two versions of the state that went different ways become one."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec import UNSET, Struct, ValidationError, convert

from vtm.model.event import Event
from vtm.model.merging_entries import Histories, merged_entry
from vtm.model.task import Timestamp
from vtm.model.three_way import Chosen, Clash, Json, Sides, assembled, three_way

UNKNOWN_HASH = "PLACEHOLDER"
"""Hash of a state whose manifest nobody knows; the next write fills it in."""


class Journals(NamedTuple):
    """The journal of either side, by task and in the order in which events count; empty: not available."""

    ours: Mapping[str, Sequence[Event]] = {}
    theirs: Mapping[str, Sequence[Event]] = {}

    def of(self, task_id: str) -> Histories:
        """What happened to one task on either side."""
        return Histories(self.ours.get(task_id, ()), self.theirs.get(task_id, ()))


class Conflict(Struct, frozen=True, omit_defaults=True):
    """What both sides changed differently; ours is kept in the result.

    Attributes:
        task: Its id; empty: it is none of a task.
        field: Names of keys, with dots between them; empty: the whole entry.
        base: What both started from; it, `ours` and `theirs` are absent where there was nothing.
    """

    task: str
    field: str
    base: Json = UNSET
    ours: Json = UNSET
    theirs: Json = UNSET


class Merged(NamedTuple):
    """The state that is left, and what a person has to decide."""

    document: Json
    conflicts: list[Conflict]


def merged(documents: Sides, journals: Journals) -> Merged:
    """One state of three versions, which are JSON objects, entry by entry and field by field.

    Where both sides' entries agree with their own journals, the entry is what both journals together give.
    """
    members: dict[str, Chosen] = {}
    conflicts: list[Conflict] = []
    for key in documents.names():
        sides = documents.member(key)
        if key == "tasks":
            entries = {each: merged_entry(sides.member(each), journals.of(each)) for each in sides.names()}
            conflicts += (_conflict(task, clash) for task, each in entries.items() for clash in each.clashes)
            members[key] = assembled(entries)
        else:
            members[key] = _HEAD.get(key, three_way)(sides)
            clashes = members[key].clashes
            conflicts += (_conflict("", Clash((key, *each.path), each.sides)) for each in clashes)
    return Merged(assembled(members).value, conflicts)


def _manifest_hash(sides: Sides) -> Chosen:
    return Chosen(UNKNOWN_HASH if sides.disputed else sides.changed)


def _last_updated(sides: Sides) -> Chosen:
    """The later one; what is no time is earlier than any."""
    times = [(time, each) for each in sides[1:] if (time := _time(each)) is not None]
    if not times:
        return Chosen(sides.ours if sides.disputed else sides.changed)
    return Chosen(max(times, key=lambda pair: pair[0])[1])


def _time(value: Json) -> Timestamp | None:
    try:
        return convert(value, Timestamp)
    except ValidationError:
        return None


def _conflict(task: str, clash: Clash) -> Conflict:
    return Conflict(task, ".".join(clash.path), *clash.sides)


_HEAD = {"manifest_hash": _manifest_hash, "last_updated": _last_updated}
