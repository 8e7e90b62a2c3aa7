"""Which worktree the caller is in."""

from collections.abc import Sequence

from msgspec import Struct

from vtm.queries.worktree_list import WorktreeStand


class CurrentWorktree(Struct, frozen=True, tag_field="schema", tag="vtm.worktree.current/1"):
    """The worktree that the caller is in, and its task.

    Attributes:
        task: Empty: it is of none, and `reason` says so.
        branch: That is checked out; empty: none is.
        path: Its top level, absolute; empty: the caller is outside git.
        base: The commit of main that the branch was cut from; empty: nobody knows.
        reason: Why there is no task, one sentence; empty: there is one.
    """

    task: str = ""
    branch: str = ""
    path: str = ""
    base: str = ""
    reason: str = ""


class Change(Struct, frozen=True):
    """A file that differs from the last commit.

    Attributes:
        kind: How: two letters, of the index and of the file; `??`: git does not know it.
        path: Relative to the top level.

    Source: git-status(1), "Short Format".
    """

    kind: str
    path: str


class WorktreeStatus(Struct, frozen=True, tag_field="schema", tag="vtm.worktree.status/1"):
    """How the worktree stands that the caller is in.

    Attributes:
        worktree: None: it is of no task, and `reason` says so.
        changes: In the order of their paths.
        unfinished: What waits to be finished there, such as `a merge`; empty: nothing.
    """

    worktree: WorktreeStand | None
    changes: Sequence[Change] = ()
    unfinished: str = ""
    reason: str = ""
