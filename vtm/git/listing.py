"""All linked worktrees of a repository."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from vtm.git.calling import Git
from vtm.git.worktrees import HEADS

_WHERE, _HEAD, _BRANCH = "worktree ", "HEAD ", "branch "


class Linked(NamedTuple):
    """A linked worktree.

    Attributes:
        path: Its top level, which may be gone.
        commit: Of HEAD.
        branch: Empty: none is checked out.
    """

    path: Path
    commit: str
    branch: str


class Comparison(NamedTuple):
    """How a commit stands to main.

    Attributes:
        ahead: Commits that main lacks.
        behind: Commits of main that it lacks.
    """

    ahead: int
    behind: int


def linked_worktrees(top: Path) -> list[Linked]:
    """Those of the repository that the worktree at `top` belongs to, without that one and the main one.

    Raises:
        ExternalError: Git cannot answer.

    Source: git-worktree(1), porcelain format: the first is the main one.
    """
    told = os.fsdecode(Git.at(top).raw("worktree", "list", "--porcelain"))
    entries = [entry.splitlines() for entry in told.split("\n\n") if entry.strip()]
    found = [
        Linked(Path(_after(_WHERE, lines)), _after(_HEAD, lines), _after(_BRANCH, lines).removeprefix(HEADS))
        for lines in entries[1:]
    ]
    return [each for each in found if each.path != top]


def _after(word: str, lines: list[str]) -> str:
    return next((line.removeprefix(word) for line in lines if line.startswith(word)), "")


def compared(top: Path, main: str, commit: str) -> Comparison:
    """How `commit` stands to the commit `main`.

    Raises:
        ExternalError: Git cannot answer.
    """
    if main == commit:
        return Comparison(0, 0)
    behind, ahead = Git.at(top).text("rev-list", "--left-right", "--count", f"{main}...{commit}").split()
    return Comparison(int(ahead), int(behind))


def committed_at(top: Path, commit: str) -> datetime:
    """When a commit was made.

    Raises:
        ExternalError: Git cannot answer.
    """
    told = Git.at(top).text("show", "--no-patch", "--no-show-signature", "--format=%ct", commit)
    return datetime.fromtimestamp(int(told), UTC)
