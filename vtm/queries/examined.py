"""What `vtm doctor` found, and what it mended."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct


class Ailment(StrEnum):
    """What can be out of order.

    `unfinished-line`, `unreadable-line`, `conflict-markers`: in the journal. `behind`: an entry does not show
    the last event. `edited`: it was written by hand. `foreign`: it shows an event that the journal does not
    have. `unreadable`: it cannot be read as it is. `lease-over`: of an agent of this host that was not heard
    of any more. `lease-idle`: of a task that is not in progress. `temporary`: a file of a process that died.
    `database`: the one with leases and receipts is damaged.
    """

    UNFINISHED_LINE = "unfinished-line"
    UNREADABLE_LINE = "unreadable-line"
    CONFLICT_MARKERS = "conflict-markers"
    BEHIND = "behind"
    EDITED = "edited"
    FOREIGN = "foreign"
    UNREADABLE = "unreadable"
    LEASE_OVER = "lease-over"
    LEASE_IDLE = "lease-idle"
    TEMPORARY = "temporary"
    DATABASE = "database"


class Trouble(Struct, frozen=True):
    """One thing that is out of order.

    Attributes:
        path: Of the file, relative to the root where it lies below it.
        line: In it, from 1; 0: it is no line.
        task_id: Empty: it is of no task.
        message: What is out of order, one sentence.
        fix: What mends it; where that is not `--fix`, what to do.
        mendable: Whether `--fix` mends it.
    """

    ailment: Ailment
    path: str
    line: int
    task_id: str
    message: str
    fix: str
    mendable: bool


class Examined(Struct, frozen=True, tag_field="schema", tag="vtm.doctor/1"):
    """What is out of order.

    Attributes:
        sound: Whether nothing is, by now.
        fixed: What was, and is mended.
        left: What still is.
        notes: What is in order, but worth knowing.
    """

    sound: bool
    fixed: Sequence[Trouble]
    left: Sequence[Trouble]
    notes: Sequence[str]


def examined(before: Sequence[Trouble], after: Sequence[Trouble], notes: Sequence[str]) -> Examined:
    """The answer for what was out of order, and what is still."""
    return Examined(not after, [each for each in before if each not in after], after, notes)
