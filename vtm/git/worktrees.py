"""Makes worktrees and takes them away.

Whoever calls holds a lock, since git's own command races with itself.
"""

import os
from collections.abc import Collection
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from vtm.discovery import common_dir
from vtm.errors import ExternalError
from vtm.git.calling import Git
from vtm.git.places import remove_empty, same_place

HEADS = "refs/heads/"
_WHERE, _BEING_MADE = b"worktree ", b"locked initializing"
_EXISTS, _UNKNOWN = "already exists", b"is not a working tree"
_FORMAT = "--format=%(refname)%00%(objectname)%00%(parent)%00%(worktreepath)"


class Branch(NamedTuple):
    """A branch of the repository.

    Attributes:
        name: Without `refs/heads/`.
        commit: At its end.
        parents: Of that commit.
        checkout: Top level of the worktree that has it checked out, which may be gone; None: none has.
    """

    name: str
    commit: str
    parents: tuple[str, ...] = ()
    checkout: Path | None = None


class Survey(NamedTuple):
    """What is there before a worktree is made or taken away.

    Attributes:
        main: The first of the main branches that exists; None: none does.
        own: The branch that was asked about; None: it does not exist.
        below: Branches that make it impossible, since their names go on from its own.
    """

    main: Branch | None
    own: Branch | None
    below: tuple[str, ...] = ()


class Head(NamedTuple):
    """What a worktree has checked out.

    Attributes:
        top: Its top level.
        commit: Of HEAD.
        branch: Empty where HEAD is detached.
    """

    top: Path
    commit: str
    branch: str


class Worktrees:
    """The worktrees of the repository whose main worktree is at `top`."""

    def __init__(self, top: Path) -> None:
        self._top = top
        self._git = Git.at(top)

    def branches(self, names: Collection[str]) -> dict[str, Branch]:
        """Those branches that have one of `names`, or go on from one behind a `/`.

        Raises:
            ExternalError: Git cannot answer.
        """
        if not names:
            return {}
        told = self._git.text("for-each-ref", _FORMAT, *(f"{HEADS}{name}" for name in names))
        found = [_branch(*line.split("\0")) for line in told.split("\n") if line]
        return {each.name: each for each in found}

    def survey(self, mains: Collection[str], branch: str) -> Survey:
        """What is there of main and of `branch`, in one call.

        Raises:
            ExternalError: Git cannot answer.
        """
        found = self.branches((*mains, branch))
        main = next((found[name] for name in mains if name in found), None)
        below = tuple(name for name in found if name.startswith(f"{branch}/"))
        return Survey(main, found.get(branch), below)

    def has_commit(self) -> bool:
        """Whether anything is checked out."""
        return self._git.asked("rev-parse", "--verify", "--quiet", "HEAD") is not None

    def above(self, branch: str) -> str:
        """The branch that makes `branch` impossible, since that begins with its name; empty: there is none.

        Raises:
            ExternalError: Git cannot answer.
        """
        parts = branch.split("/")
        names = ["/".join(parts[:end]) for end in range(1, len(parts))]
        found = self.branches(names)
        return next((name for name in names if name in found), "")

    def add(self, path: Path, branch: str, start: str = "") -> None:
        """Make a worktree at `path`, with `branch` checked out; with `start` it is cut from that commit.

        Raises:
            ExternalError: Git refuses; nothing is there that was not before.
        """
        options = ("-b", branch, str(path), start) if start else (str(path), branch)
        with ExitStack() as undoing:
            undoing.callback(self.undo, path, branch, start)
            try:
                self._git.raw("worktree", "add", "--quiet", *options)
            except ExternalError as error:
                if _EXISTS in error.message:  # somebody else has made it meanwhile, and it is theirs
                    undoing.pop_all()
                raise
            undoing.pop_all()

    def undo(self, path: Path, branch: str, start: str = "") -> None:
        """Take away what was made in vain: the worktree, and the branch where it was cut from `start`.

        Nobody has worked there: it is not finished, or a hook of the project failed at its checkout.
        """
        self._git.run("worktree", "remove", "--force", "--force", str(path))
        if start:
            self.delete(branch, start)
        remove_empty(path.parent, self._top)

    def is_unfinished(self, path: Path) -> bool:
        """Whether whoever made the worktree at `path` died over it.

        Source: `add_worktree` in git's builtin/worktree.c: it is locked with this reason until it is whole.
        """
        told = self._git.raw("worktree", "list", "--porcelain")
        entries = (entry.splitlines() for entry in told.split(b"\n\n"))
        return any(
            _BEING_MADE in entry and same_place(Path(os.fsdecode(entry[0].removeprefix(_WHERE))), path)
            for entry in entries
        )

    def head(self, path: Path) -> Head:
        """What is checked out in the worktree at `path`.

        Raises:
            ExternalError: Git cannot answer.
        """
        told = Git.at(path).text("rev-parse", "--show-toplevel", "HEAD", "--symbolic-full-name", "HEAD")
        top, commit, ref = told.rsplit("\n", 2)
        return Head(Path(top), commit, ref.removeprefix(HEADS) if ref.startswith(HEADS) else "")

    def parting(self, one: str, other: str) -> str:
        """The commit at which two parted; empty: they have nothing in common.

        Raises:
            ExternalError: Git cannot answer.
        """
        return self._git.asked("merge-base", one, other) or ""

    def forget(self, path: Path) -> None:
        """Let git forget the worktree at `path`, whose folder is gone, if it knows any.

        Raises:
            ExternalError: Git refuses, for example because it is locked.
        """
        done = self._git.run("worktree", "remove", str(path))
        if done.returncode and _UNKNOWN not in done.stderr:
            self._git.raw("worktree", "remove", str(path))

    def delete(self, branch: str, commit: str) -> bool:
        """Delete a branch, with its settings, if it still ends in `commit`; whether it is gone."""
        if self._git.run("update-ref", "-d", f"{HEADS}{branch}", commit).returncode:
            return False
        settings = common_dir(self._top) / "config"
        if f'[branch "{branch}"]' in settings.read_text("utf-8", "replace"):  # a process less, mostly
            self._git.run("config", "--local", "--remove-section", f"branch.{branch}")
        return True


def _branch(ref: str, commit: str, parents: str, checkout: str) -> Branch:
    return Branch(
        ref.removeprefix(HEADS), commit, tuple(parents.split()), Path(checkout) if checkout else None
    )
