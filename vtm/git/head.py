"""What is checked out, read without a process of git's."""

from pathlib import Path

_REF = "ref: refs/heads/"


def branch_at(folder: Path) -> str:
    """The branch of the worktree that `folder` lies in; empty: none, or it is outside git.

    Source: gitrepository-layout(5).
    """
    top = next((at for at in (folder, *folder.parents) if (at / ".git").exists()), None)
    if top is None:
        return ""
    pointer = _text(top / ".git")
    git_dir = top / pointer.removeprefix("gitdir: ") if pointer.startswith("gitdir: ") else top / ".git"
    head = _text(git_dir / "HEAD")
    return head.removeprefix(_REF) if head.startswith(_REF) else ""


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8", "surrogateescape").rstrip("\r\n")
    except (OSError, ValueError):
        return ""
