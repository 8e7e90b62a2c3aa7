"""How a worktree stands."""

from pathlib import Path
from typing import NamedTuple

from vtm.discovery import common_dir
from vtm.git.calling import Git
from vtm.git.head import branch_in, git_dir_at, unfinished_in
from vtm.git.places import same_place

_STATUS = ("status", "--porcelain", "-z", "--no-renames", "--ignore-submodules=none")
_LOCKED, _SUBMODULES = "locked", "modules"


class Standing(NamedTuple):
    """What is to be known of a linked worktree, read without a process of git's.

    Attributes:
        branch: That is checked out; empty: none is.
        unfinished: What waits to be finished there, such as `a merge`; empty: nothing.
        locked: Why somebody locked it, `git worktree lock`; None: nobody did.
        has_submodules: Whether repositories of submodules are kept with it.

    Source: gitrepository-layout(5); git-worktree(1), "Details".
    """

    branch: str
    unfinished: str
    locked: str | None
    has_submodules: bool


def standing(path: Path, top: Path) -> Standing | None:
    """How the linked worktree at `path` of the repository at `top` stands; None: there is none."""
    git_dir = git_dir_at(path) if (path / ".git").is_file() else None
    if git_dir is None or not git_dir.is_dir() or not same_place(common_dir(path), common_dir(top)):
        return None
    lock, modules = git_dir / _LOCKED, git_dir / _SUBMODULES
    return Standing(
        branch_in(git_dir),
        unfinished_in(git_dir),
        lock.read_text("utf-8", "replace").strip() if lock.exists() else None,
        modules.is_dir() and any(modules.iterdir()),
    )


def changed_in(path: Path, *, each: bool = False) -> list[str]:
    """What differs in the worktree at `path` from its last commit, untracked files included: `XY path`.

    With `each` the files of folders that git does not know are named one by one.

    Raises:
        ExternalError: Git cannot answer.

    Source: git-status(1), "Short Format".
    """
    return Git.at(path).paths(*_STATUS, f"--untracked-files={'all' if each else 'normal'}")
