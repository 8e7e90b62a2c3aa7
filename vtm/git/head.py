"""What is checked out, read without a process of git's."""

from pathlib import Path

from vtm.discovery import common_dir

_REF = "ref: refs/heads/"
_ELSEWHERE = ".invalid"
"""Of a repository that keeps its references in another form, which only git reads."""

_UNFINISHED = {
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
    "MERGE_HEAD": "a merge",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
    "sequencer": "a cherry-pick or revert",
}
"""What lies in the git directory while something waits to be finished.

Source: gitrevisions(7), and `wt_status_get_state` in git's wt-status.c.
"""


def branch_at(folder: Path) -> str:
    """The branch of the worktree that `folder` lies in; empty: none, or it is outside git.

    Source: gitrepository-layout(5).
    """
    git_dir = git_dir_at(folder)
    return branch_in(git_dir) if git_dir else ""


def git_dir_at(folder: Path) -> Path | None:
    """The git directory of the worktree that `folder` lies in; None: it is outside git.

    Source: gitrepository-layout(5).
    """
    top = next((at for at in (folder, *folder.parents) if (at / ".git").exists()), None)
    if top is None:
        return None
    pointer = _text(top / ".git")
    return top / pointer.removeprefix("gitdir: ") if pointer.startswith("gitdir: ") else top / ".git"


def branch_in(git_dir: Path) -> str:
    """The branch that is checked out in the worktree of this git directory; empty: none, or only git knows.

    Source: gitrepository-layout(5), git-init(1) under `--ref-format`.
    """
    head = _text(git_dir / "HEAD")
    branch = head.removeprefix(_REF) if head.startswith(_REF) else ""
    return branch if branch != _ELSEWHERE else ""


def branches_below(top: Path, folder: str) -> list[str]:
    """The branches that are checked out in `folder` below `top`, each at the path that its name gives.

    Source: gitrepository-layout(5), under `worktrees/`.
    """
    try:
        found = [branch_in(each) for each in sorted((common_dir(top) / "worktrees").iterdir())]
    except OSError:
        return []
    return [each for each in found if each and (top / folder / each / ".git").is_file()]


def unfinished_in(git_dir: Path) -> str:
    """What waits to be finished in the worktree of this git directory, such as `a merge`; empty: nothing."""
    return next((what for name, what in _UNFINISHED.items() if (git_dir / name).exists()), "")


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8", "surrogateescape").rstrip("\r\n")
    except (OSError, ValueError):
        return ""
