"""What was saved from worktrees, and what of it was brought back."""

from collections.abc import Sequence

from msgspec import Struct

from vtm.model.task import Timestamp


class Saved(Struct, frozen=True):
    """What was not committed in a worktree when that was taken away.

    Attributes:
        task: Empty: of no task that is declared.
        ref: The reference that keeps it; the newest of a task is the one to be brought back.
        commit: That holds it.
        base: The commit that was checked out.
        saved_at: UTC.
        paths: Files that differ from `base`, relative to the top level, sorted.
        drop: The command that lets go of it.
    """

    task: str
    ref: str
    commit: str
    base: str
    saved_at: Timestamp
    paths: Sequence[str]
    drop: str


class Rescues(Struct, frozen=True, tag_field="schema", tag="vtm.worktree.rescues/1"):
    """What was saved, in the order in which it was."""

    rescues: Sequence[Saved]


class BroughtBack(Struct, frozen=True, tag_field="schema", tag="vtm.worktree.rescue/1"):
    """What was saved is in the worktree of its task again.

    Attributes:
        path: Top level of the worktree, absolute.
        created: Whether it was made just now.
        restored: Files that were written or deleted, relative to the top level, sorted.
        already: How many more were as they were saved.
        lacks: Whether the branch lacks commits on which this builds: `saved.base` has them.
    """

    task: str
    branch: str
    path: str
    created: bool
    restored: Sequence[str]
    already: int
    lacks: bool
    saved: Saved
