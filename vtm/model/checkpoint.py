"""Checkpoints: moments of a project to which one can go back."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec import Struct

from vtm.model.event import Event
from vtm.model.state import TaskState
from vtm.model.task import Timestamp

LONGEST_NAME = 100
_FIT = re.compile(r"\w(?:[\w.+-]*\w)?")
_UNFIT = re.compile(r"\.\.|\.lock\Z")


class Record(Struct, frozen=True, tag_field="schema", tag="vtm.checkpoint-record/1"):
    """What a checkpoint's tag says of it.

    Attributes:
        commit: Full id of the commit that main was at; `branch` is what main is called.
        events: How many events the journal had; `last` is the id of the one written last, empty: it had none.
        state: Path of the state below the top level of the repository, and in the tree of the tagged commit;
            `journal` likewise.
        entries: Path in that tree of what was known of each task, by whichever file.
        message: What it is for.
    """

    name: str
    at: Timestamp
    branch: str
    commit: str
    events: int
    last: str
    state: str
    journal: str
    entries: str
    message: str = ""


class Entries(Struct, frozen=True, tag_field="schema", tag="vtm.checkpoint-entries/1"):
    """What was known of each task at a checkpoint; one that is not in it was pending."""

    tasks: dict[str, TaskState]


class Checkpoint(Struct, frozen=True):
    """A checkpoint as it is found.

    Attributes:
        record: None where the tag is damaged.
        snapshot: Full id of the tagged commit, whose tree holds state and journal as they were then.
        flaw: What is wrong with its tag, to stand after the name in a sentence; empty: nothing.
        fix: What to do about that.
    """

    name: str
    record: Record | None = None
    snapshot: str = ""
    flaw: str = ""
    fix: str = ""


class Position(NamedTuple):
    """Where the journal was at a checkpoint.

    Attributes:
        at: When the checkpoint was made.
        commit: Full id of the commit that main was at.
        seen: Ids of the events that were in the journal then.
    """

    name: str
    at: Timestamp
    commit: str
    seen: frozenset[str]

    def since(self, events: Iterable[Event]) -> Sequence[Event]:
        """Those of `events` that came into the journal later, in their order, whatever was merged."""
        return [event for event in events if event.id not in self.seen]


def is_fit(name: str) -> bool:
    """Whether git takes a name as the end of a tag, and a shell as a word.

    Source: git-check-ref-format(1).
    """
    fits = bool(_FIT.fullmatch(name)) and not _UNFIT.search(name)
    return fits and len(name) <= LONGEST_NAME and len(name.encode("utf-8", "replace")) <= 2 * LONGEST_NAME
