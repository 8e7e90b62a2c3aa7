"""What the merge driver did."""

from collections.abc import Sequence

from msgspec import Struct

from vtm.model.merging import Conflict


class StateMerged(Struct, frozen=True, tag_field="schema", tag="vtm.git-merge/1"):
    """Two versions of a state became one, without conflicts.

    Attributes:
        path: Of the state file; relative to the top level of the repository, where git named it.
        tasks: How many entries it has.
        by_journal: Whether the journals of both sides were there to decide.
    """

    path: str
    tasks: int
    by_journal: bool


class StateConflicts(Struct, frozen=True, tag_field="schema", tag="vtm.state-conflicts/1"):
    """The file that is written beside a state file whose two versions cannot become one without a person.

    Attributes:
        path: Of the state file, as in `vtm.git-merge/1`.
        conflicts: What both sides changed differently; ours is in the state file.
    """

    path: str
    conflicts: Sequence[Conflict]
