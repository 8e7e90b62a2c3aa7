"""What is about to be committed where git called a hook."""

import re
from collections.abc import Sequence
from pathlib import Path

from vtm.git.calling import Git

_SCISSORS = re.compile(rb"^[^\n]{1,32} -{24} >8 -{24}\r?$", re.MULTILINE)


class Staged:
    """The commit that is being made in the worktree at `folder`, from the index that git works with."""

    def __init__(self, folder: Path) -> None:
        self._git = Git.of_caller(folder)

    def branch(self) -> str:
        """The branch that it is made on; empty where none is checked out.

        Raises:
            ExternalError: Git cannot answer.
        """
        return self._git.asked("symbolic-ref", "--quiet", "--short", "HEAD") or ""

    def changed(self, paths: Sequence[str]) -> list[str]:
        """Those of `paths`, which are relative to the top level, that it changes.

        Raises:
            ExternalError: Git cannot answer.
        """
        changed = self._changed(*(f":(top,literal){each}" for each in paths))
        return [path for path in paths if path in changed]

    def all_changed(self) -> list[str]:
        """All paths that it changes, relative to the top level.

        Raises:
            ExternalError: Git cannot answer.
        """
        return self._changed()

    def is_merge(self) -> bool:
        """Whether it has more than one parent.

        Raises:
            ExternalError: Git cannot answer.
        """
        return self._blob("MERGE_HEAD") is not None

    def without_comments(self, message: bytes) -> bytes:
        """A message without lines that git takes for comments, and without what it has behind its scissors.

        Source: git-commit(1), `--cleanup` and `--verbose`.

        Raises:
            ExternalError: Git cannot answer.
        """
        return self._git.raw("stripspace", "--strip-comments", given=_SCISSORS.split(message, 1)[0])

    def merged(self, path: str) -> bool:
        """Whether it takes `path` as the commit has it that is being merged.

        Raises:
            ExternalError: Git cannot answer.
        """
        return self.is_merge() and self._blob(f"MERGE_HEAD:{path}") == self._blob(f":{path}")

    def _changed(self, *pathspecs: str) -> list[str]:
        since = "HEAD" if self._blob("HEAD") else self._git.text("hash-object", "-t", "tree", "--stdin")
        options = ("--cached", "--name-only", "--no-renames", "--no-relative", "-z", since)
        return self._git.paths("diff-index", *options, "--", *pathspecs)

    def _blob(self, name: str) -> str | None:
        return self._git.asked("rev-parse", "--verify", "--quiet", name)
