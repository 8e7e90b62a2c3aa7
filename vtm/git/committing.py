"""Commits a few files and nothing else."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from vtm.git.calling import Git
from vtm.git.head import unfinished_in


class Checkout(NamedTuple):
    """What is checked out.

    Attributes:
        branch: Empty where none is.
        unfinished: What waits to be finished, such as `a merge`; empty: nothing.
        changed: Paths that differ from the last commit, in the order they were asked for.
    """

    branch: str
    unfinished: str
    changed: Sequence[str]


class Committing:
    """The worktree at `top`, into whose branch files are committed."""

    def __init__(self, top: Path) -> None:
        self._top = top
        self._git = Git.at(top)

    def checkout(self, paths: Sequence[str]) -> Checkout:
        """What is checked out, and which of `paths` exist and are not committed as they are.

        Raises:
            ExternalError: Git cannot answer.
        """
        git_dir = Path(self._git.text("rev-parse", "--absolute-git-dir"))
        branch = self._git.asked("symbolic-ref", "--quiet", "--short", "HEAD") or ""
        there = [path for path in paths if (self._top / path).is_file()]
        changed = self._different(there)
        return Checkout(branch, unfinished_in(git_dir), [path for path in there if path in changed])

    def commit(self, paths: Sequence[str], message: str) -> str:
        """Commit `paths` as they are in the worktree; returns the commit's id.

        What else is staged stays so and is not in it. Hooks that could refuse it do not run.

        Raises:
            ExternalError: Git refuses; nothing is staged that was not before.
        """
        fresh = self._untracked(paths)
        if fresh:
            self._git.raw(*_LITERAL, "add", "--intent-to-add", "--", *fresh)
        options = ("--quiet", "--no-verify", "--only", "--message", message)
        done = False
        try:
            self._git.raw(*_LITERAL, "commit", *options, "--", *paths)
            done = True
        finally:
            if fresh and not done:
                self._git.run(*_LITERAL, "rm", "--cached", "--quiet", "--", *fresh)
        return self._git.text("rev-parse", "HEAD")

    def _different(self, paths: Sequence[str]) -> set[str]:
        if not paths:
            return set()
        if self._git.asked("rev-parse", "--verify", "--quiet", "HEAD") is None:
            return {*self._untracked(paths), *self._git.paths(*_LITERAL, "ls-files", "-z", "--", *paths)}
        changed = self._git.paths(
            *_LITERAL, "diff", "--name-only", "--no-renames", "--no-ext-diff", "-z", "HEAD", "--", *paths
        )
        return {*self._untracked(paths), *changed}

    def _untracked(self, paths: Sequence[str]) -> list[str]:
        return self._git.paths(*_LITERAL, "ls-files", "--others", "--exclude-standard", "-z", "--", *paths)


_LITERAL = ("--literal-pathspecs",)
