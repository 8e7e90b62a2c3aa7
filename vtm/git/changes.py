"""What a branch has changed."""

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from vtm.git.calling import Git
from vtm.git.repository import GitRepository

_WHERE = ("refs/heads/", "refs/remotes/origin/")


class Changes(NamedTuple):
    """What the branch of one worktree has that main had not when the two parted.

    Attributes:
        top: Top level of the worktree.
        branch: Empty when HEAD is detached.
        base: The commit at which they parted.
        paths: Relative to `top`, sorted; bytes that are no UTF-8 come as escapes.
    """

    top: Path
    branch: str
    base: str
    paths: tuple[str, ...]


def changes(folder: Path, mains: Collection[str]) -> Changes | None:
    """What was changed in the worktree of `folder` since it left the first of `mains` that exists.

    What is committed counts, and what is staged, changed or untracked; of what was renamed both names.
    None: there is no such branch, no commit, or nothing that both have in common.

    Raises:
        ExternalError: Git cannot answer.
    """
    git = Git.at(folder)
    head = git.asked("rev-parse", "--show-toplevel", "--verify", "--quiet", "HEAD")
    main = _main(git, mains) if head else None
    base = git.asked("merge-base", "HEAD", main) if main else None
    if head is None or base is None:
        return None
    options = ("-r", "--name-only", "--no-renames", "--no-relative", "-z")
    told = git.raw("diff-tree", *options, base, "HEAD", "--").decode("utf-8", "backslashreplace")
    top = Path(head.rpartition("\n")[0])
    now = GitRepository(top, folder).status()
    committed = [path for path in told.split("\0") if path]
    return Changes(top, now.branch, base, tuple(sorted({*committed, *now.changed})))


def _main(git: Git, mains: Collection[str]) -> str | None:
    """The first of `mains` that exists, here or else at the origin, by its whole name."""
    wanted = [f"{where}{name}" for where in _WHERE for name in mains]
    found = git.text("for-each-ref", "--format=%(refname)", *wanted).splitlines() if wanted else []
    return next((each for each in wanted if each in found), None)
