"""Checkpoints, one by one and all together."""

from collections.abc import Sequence

from msgspec import Struct

from vtm.model.checkpoint import Checkpoint, Record
from vtm.model.task import Timestamp


class CheckpointCard(Struct, frozen=True):
    """A checkpoint in a few words.

    Attributes:
        at: When it was made; null, and the rest empty, where it is damaged.
        branch: What main was called; `commit` is the full id of the one it was at.
        events: How many the journal had; `last` is the id of the one written last, empty: it had none.
        flaw: What is wrong with its tag, to stand after the name in a sentence; empty: nothing.
        fix: What to do about that.
    """

    name: str
    at: Timestamp | None = None
    branch: str = ""
    commit: str = ""
    events: int = 0
    last: str = ""
    message: str = ""
    flaw: str = ""
    fix: str = ""


class CheckpointMade(Struct, frozen=True, tag_field="schema", tag="vtm.checkpoint.create/1"):
    """A checkpoint was made.

    Attributes:
        left_out: Paths with changes that are in no commit, so that it does not hold them.
    """

    checkpoint: CheckpointCard
    left_out: Sequence[str] = ()


class CheckpointList(Struct, frozen=True, tag_field="schema", tag="vtm.checkpoint.list/1"):
    """All checkpoints, those made first first, damaged ones last.

    Attributes:
        unfinished: The checkpoint to which a rollback was begun and not finished; empty: none was.
    """

    total: int
    checkpoints: Sequence[CheckpointCard]
    unfinished: str = ""


def card(found: Checkpoint) -> CheckpointCard:
    """A checkpoint in a few words."""
    if found.record is None:
        return CheckpointCard(found.name, flaw=found.flaw, fix=found.fix)
    return card_of(found.record)


def card_of(record: Record) -> CheckpointCard:
    """What a sound tag says, in a few words."""
    return CheckpointCard(
        record.name, record.at, record.branch, record.commit, record.events, record.last, record.message
    )


def checkpoint_made(record: Record, left_out: Sequence[str]) -> CheckpointMade:
    """The answer for a checkpoint that was made."""
    return CheckpointMade(card_of(record), left_out)


def checkpoint_list(found: Sequence[Checkpoint], unfinished: str) -> CheckpointList:
    """The answer for all of them."""
    return CheckpointList(len(found), [card(each) for each in found], unfinished)
