"""Which worktrees were made."""

from collections.abc import Sequence

from msgspec import Struct

from vtm.model.finding import Finding


class MadeWorktree(Struct, frozen=True):
    """The worktree of one task.

    Attributes:
        branch: That is checked out there.
        path: Its top level, absolute.
        base: The commit of main that the branch was cut from, or at which the two parted; empty: they have
            nothing in common.
        created: Whether it was made just now; else it was there.
        findings: What gates warn of.
    """

    task: str
    branch: str
    path: str
    base: str
    created: bool
    findings: Sequence[Finding] = ()


class NotMade(Struct, frozen=True):
    """Why there is no worktree for a task.

    Attributes:
        code: For programs.
        message: One sentence.
        fix: What to do about it.
    """

    task: str
    code: str
    message: str
    fix: str


class Made(Struct, frozen=True, tag_field="schema", tag="vtm.worktree.make/1"):
    """The worktrees that were asked for, and those that could not be made, each in the order of asking."""

    worktrees: Sequence[MadeWorktree]
    failed: Sequence[NotMade] = ()
