"""Lines that a store writes of itself, and what tells each line from all others."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from vtm.model.event import Details, Event, Kind
from vtm.model.folding import fold
from vtm.model.state import TaskState, decided
from vtm.model.status import Status
from vtm.model.task import Timestamp
from vtm.ports.recording import Stamp

_EPOCH_START = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


def stamped(events: Sequence[Event], now: Timestamp) -> Stamp | None:
    """Id and time for what follows `events`, later than all of them; None where no calendar holds that."""
    last = events[-1] if events else None
    try:
        at = max(now, last.at + _TICK) if last else now
    except OverflowError:
        return None
    identity = f"{(at - _EPOCH_START) // _TICK:014x}{os.urandom(4).hex()}"
    return Stamp(identity, at, last.id if last else "")


def latest_epoch(entry: TaskState, events: Sequence[Event]) -> int:
    """The largest epoch that an entry or the events of its task know: a line with a smaller one is too early.

    What events come to may have a larger one than each of them, where two branches started a task.
    """
    folded = fold(events).state
    return max([entry.epoch, folded.epoch if folded else 0, *(event.epoch for event in events)])


def imported(task_id: str, stamp: Stamp, entry: TaskState) -> Event:
    """The line for an entry that somebody wrote who left none."""
    whole = Details(entry=decided(entry))
    return _line(task_id, stamp, Kind.IMPORT, (entry.status, entry.status), entry.epoch, whole)


def dropped(task_id: str, stamp: Stamp, entry: TaskState, reason: str) -> Event:
    """The line for an entry that goes."""
    return _line(
        task_id, stamp, Kind.DROP, (entry.status, Status.PENDING), entry.epoch, Details(reason=reason)
    )


def _line(
    task_id: str, stamp: Stamp, kind: Kind, way: tuple[Status, Status], epoch: int, details: Details
) -> Event:
    return Event(
        stamp.id, stamp.at, task_id, kind, *way, epoch=epoch, evidence=details, follows=stamp.follows
    )
