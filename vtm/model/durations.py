"""How long tasks took, as the journal has it."""

from collections.abc import Iterable

from msgspec import Struct

from vtm.model.event import Kind
from vtm.model.task import Timestamp

STARTS = (Kind.START, Kind.TAKEOVER)

SHORTEST = 60
"""What took fewer seconds was written down when it was done already."""


class Moment(Struct, frozen=True):
    """What of an event tells when a task was taken up or completed.

    Source: schemas/task-event.schema.json.
    """

    id: str
    at: Timestamp
    task: str
    event: Kind
    epoch: int = 0


def durations(moments: Iterable[Moment]) -> dict[str, int]:
    """Task id to the seconds from when it was last taken up to when it was last completed.

    Only what was done without a break counts: what was blocked or given back in between is taken up anew.
    Tasks that were never completed, or never started before that, are not among them, nor are those that took
    less than `SHORTEST`.
    """
    begun: dict[str, Timestamp] = {}
    found: dict[str, int] = {}
    for each in sorted(moments, key=lambda moment: (moment.epoch, moment.at, moment.id)):
        if each.event in STARTS:
            begun[each.task] = each.at
        elif each.event is Kind.COMPLETE and each.task in begun:
            found[each.task] = int((each.at - begun.pop(each.task)).total_seconds())
    return {task: seconds for task, seconds in found.items() if seconds >= SHORTEST}
