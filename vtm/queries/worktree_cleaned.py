"""Which worktrees were taken away."""

from collections.abc import Sequence

from msgspec import Struct


class Cleaned(Struct, frozen=True):
    """What became of the worktree of one task.

    Attributes:
        path: Where it is, or was, absolute; empty: the task has none.
        removed: Whether it was taken away now.
        kept: Whether it is there still.
        branch_kept: Whether its branch is.
        code: Why it is kept; empty: it is not.
        reason: The same as a sentence, or what else is to be said.
        rescue: The reference under which what was not committed was saved; empty: there was nothing.
    """

    task: str
    branch: str
    path: str = ""
    removed: bool = False
    kept: bool = False
    branch_kept: bool = False
    code: str = ""
    reason: str = ""
    rescue: str = ""


class Cleanup(Struct, frozen=True, tag_field="schema", tag="vtm.worktree.cleanup/1"):
    """What became of each worktree, in the order in which they were looked at."""

    worktrees: Sequence[Cleaned]
