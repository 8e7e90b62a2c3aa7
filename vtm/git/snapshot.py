"""Everything in a worktree as one tree, without touching its index."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from vtm.errors import ExternalError
from vtm.git.calling import Git
from vtm.git.head import git_dir_at

ABSENT, _REPOSITORY = "000000", "160000"
"""Modes: of what is not in a tree, and of a repository in it."""
_STATUS = ("status", "--porcelain", "-z", "--no-renames", "--ignore-submodules=none", "--untracked-files=all")
_QUIET = ("-c", "core.safecrlf=false", "-c", "advice.addEmbeddedRepo=false")
_DURABLE = ("-c", "core.fsync=committed,reference")
_STAGED, _ALL = ("write-tree",), (*_QUIET, *_DURABLE, "add", "--all")


class Entry(NamedTuple):
    """What a path is in a tree: mode and object; zeros where it is not in it."""

    mode: str
    object: str


class Snapshot(NamedTuple):
    """What a worktree holds.

    Attributes:
        git: Git with an index of its own in which all of it is.
        tree: Of it.
        staged: The tree of its index; empty: that has none, for it holds conflicts.
        head: Its commit.
    """

    git: Git
    tree: str
    staged: str
    head: str


@contextmanager
def snapshot(path: Path, room: Path) -> Iterator[Snapshot]:
    """All of the worktree at `path` that git does not ignore; what is only needed meanwhile lies in `room`.

    Raises:
        ExternalError: It cannot be read, or holds a repository of its own.
    """
    git = Git.at(path)
    with TemporaryDirectory(prefix=".snapshot-", dir=room) as folder:
        index = Path(folder) / "index"
        own = (git_dir_at(path) or path) / "index"
        if own.exists():
            shutil.copyfile(own, index)
        apart = git._replace(environment={**git.environment, "GIT_INDEX_FILE": str(index)})
        staged = apart.run(*_STAGED)
        apart.raw(*_ALL)
        tree, head = apart.text("write-tree"), git.text("rev-parse", "HEAD")
        _refuse_repositories(apart, head, tree)
        _refuse_changes(apart)
        yield Snapshot(apart, tree, "" if staged.returncode else staged.stdout.decode().strip(), head)


def differences(git: Git, before: str, after: str) -> dict[str, Entry]:
    """Path to what it is in `after`, for all that differ from `before`; both are trees or commits.

    Raises:
        ExternalError: Git cannot answer.

    Source: git-diff-tree(1), "Raw output format".
    """
    told = git.paths("diff-tree", "-r", "--raw", "--no-renames", "--no-abbrev", "-z", before, after, "--")
    return {path: Entry(*what.split(" ")[1:4:2]) for what, path in zip(told[::2], told[1::2], strict=True)}


def _refuse_repositories(git: Git, head: str, tree: str) -> None:
    for path, entry in differences(git, head, tree).items():
        if entry.mode == _REPOSITORY:
            raise ExternalError(
                f"{path} is a repository of its own, whose work nobody would save",
                code="NESTED-REPOSITORY",
                fix="move it out of the worktree",
            )


def _refuse_changes(git: Git) -> None:
    """Let nothing pass that is not as it was saved: somebody works there, or git does not see it."""
    for line in git.paths(*_STATUS):
        if line[1] != " ":
            raise ExternalError(
                f"{line[3:]} was changed meanwhile, or is kept from git",
                code="CHANGED-MEANWHILE",
                fix="end whoever works there, and run it again",
            )
