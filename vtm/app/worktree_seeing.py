"""Finds out how one worktree stands."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from vtm.git.listing import Linked, committed_at, compared
from vtm.git.places import same_place
from vtm.git.standing import Standing, changed_in, standing
from vtm.git.worktrees import Branch
from vtm.queries.shell_words import call, word
from vtm.queries.worktree_list import Seen
from vtm.stores.worktrees import Worktree

_LOOKED_AT = 200
"""Changed files whose times are looked at."""


def seen(top: Path, linked: Linked, task: str, record: Worktree | None, main: Branch | None) -> Seen:
    """How a worktree stands that git knows.

    Raises:
        ExternalError: Git cannot answer.
    """
    base = record.base if record else ""
    ahead, behind = compared(top, main.commit, linked.commit) if main else (0, 0)
    stands = standing(linked.path, top)
    if stands is None:
        made = (record.made_at,) if record else ()
        name = linked.branch or (record.branch if record else "")
        trouble = f"its folder is gone; {_clearing(task)}"
        return Seen(str(linked.path), task, name, base, ahead, behind, 0, made, trouble)
    changed = changed_in(linked.path, each=True)
    moments = [*_moments(linked.path, changed), *([record.made_at] if record else [])]
    if ahead:
        moments.append(committed_at(top, linked.commit))
    trouble = _trouble(stands, record, linked.path)
    return Seen(str(linked.path), task, linked.branch, base, ahead, behind, len(changed), moments, trouble)


def unseen(record: Worktree, branch: Branch | None) -> Seen:
    """How one stands that was recorded, and that git does not know."""
    again = f"it has no worktree now; `{call('worktree make', record.task)}` makes it again"
    trouble = again if branch else f"its folder and its branch are gone; {_clearing(record.task)}"
    return Seen(
        record.path, record.task, record.branch, record.base, moments=(record.made_at,), trouble=trouble
    )


def _clearing(task: str) -> str:
    return f"`{call('worktree cleanup', task)}` clears up" if task else "`git worktree prune` clears up"


def _trouble(stands: Standing, record: Worktree | None, path: Path) -> str:
    if stands.unfinished:
        return f"{stands.unfinished} waits to be finished there"
    if stands.locked is not None:
        return f"it is locked: {stands.locked}" if stands.locked else "it is locked"
    if not stands.branch:
        return "no branch is checked out"
    if record and not same_place(Path(record.path), path):
        back = f"git worktree move {word(str(path))} {word(record.path)}"
        return f"it was moved from where it was made; `{back}` brings it back"
    if record and stands.branch != record.branch:
        return f"{stands.branch} is checked out, and {record.branch} was made for its task"
    return ""


def _moments(path: Path, changed: Sequence[str]) -> Iterator[datetime]:
    """When the changed files were last written, as far as they are there."""
    for each in changed[:_LOOKED_AT]:
        try:
            yield datetime.fromtimestamp(int((path / each[3:]).lstat().st_mtime), UTC)
        except (OSError, ValueError, OverflowError):
            continue
