"""How the worktrees of tasks stand."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from vtm.model.session import Session, SessionStatus
from vtm.model.task import Timestamp


class WorktreeStand(Struct, frozen=True):
    """How one worktree stands.

    Attributes:
        path: Its top level, absolute.
        task: That it was made for; empty: for none.
        branch: That is checked out, or was when it was made; empty: none is.
        base: The commit of main that the branch was cut from; empty: nobody knows.
        ahead: Commits that main lacks.
        behind: Commits of main that it lacks; more than none: its base is stale.
        dirty: Files that differ from the last commit, untracked ones included.
        session: The latest of its task; empty: there was none.
        session_status: As it was recorded; None: there was none.
        owner: Whoever holds the lease of the task; empty: nobody.
        last_activity: The latest of its making, its last commit, the latest change of a changed file, and the
            last sign of its session; None: there is nothing to tell from.
        trouble: What is out of order, one sentence; empty: nothing.
    """

    path: str
    task: str = ""
    branch: str = ""
    base: str = ""
    ahead: int = 0
    behind: int = 0
    dirty: int = 0
    session: str = ""
    session_status: SessionStatus | None = None
    owner: str = ""
    last_activity: Timestamp | None = None
    trouble: str = ""


class WorktreeList(Struct, frozen=True, tag_field="schema", tag="vtm.worktree.list/1"):
    """All linked worktrees of the repository, and those that are recorded and gone, by path.

    Attributes:
        main: The branch that they are compared with; empty: there is none.
        stale: Paths of those whose base fell behind main.
    """

    main: str
    total: int
    worktrees: Sequence[WorktreeStand]
    stale: Sequence[str] = ()


class Seen(Struct, frozen=True):
    """What was found out of one worktree; see `WorktreeStand`.

    Attributes:
        moments: When something happened there.
    """

    path: str
    task: str = ""
    branch: str = ""
    base: str = ""
    ahead: int = 0
    behind: int = 0
    dirty: int = 0
    moments: Sequence[Timestamp] = ()
    trouble: str = ""


def stand(seen: Seen, sessions: Sequence[Session], owners: Mapping[str, str]) -> WorktreeStand:
    """How a worktree stands; `sessions` are all there are, `owners` holds leases by task."""
    latest = max(
        (each for each in sessions if each.task == seen.task), key=lambda each: each.attempt, default=None
    )
    moments = [*seen.moments, *([latest.heard_at] if latest else [])]
    return WorktreeStand(
        seen.path,
        seen.task,
        seen.branch,
        seen.base,
        seen.ahead,
        seen.behind,
        seen.dirty,
        latest.id if latest else "",
        latest.status if latest else None,
        owners.get(seen.task, ""),
        max(moments, default=None),
        seen.trouble,
    )


def worktree_list(main: str, stands: Sequence[WorktreeStand]) -> WorktreeList:
    """All of them, and which are stale."""
    found = sorted(stands, key=lambda each: each.path)
    stale = [each.path for each in found if each.behind]
    return WorktreeList(main, len(found), found, stale)
