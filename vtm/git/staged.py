"""What is about to be committed where git called a hook."""

import os
import re
from pathlib import Path

from vtm.git.calling import Git, paths_in
from vtm.git.head import branch_in, git_dir_at

_CHANGED = ("diff-index", "--cached", "--name-only", "--no-renames", "--no-relative", "-z")
_SCISSORS = re.compile(rb"^[^\n]{1,32} -{24} >8 -{24}\r?$", re.MULTILINE)


class Staged:
    """The commit that is being made in the worktree at `folder`, from the index that git works with."""

    def __init__(self, folder: Path) -> None:
        told = os.environ.get("GIT_DIR")
        self._git_dir = Path(told) if told else git_dir_at(folder.absolute())
        self._git = Git.of_caller(folder)

    def branch(self) -> str:
        """The branch that it is made on; empty where none is checked out.

        Raises:
            ExternalError: Git cannot answer.
        """
        known = branch_in(self._git_dir) if self._git_dir else ""
        return known or self._git.asked("symbolic-ref", "--quiet", "--short", "HEAD") or ""

    def changed(self) -> list[str]:
        """All paths that it changes, relative to the top level.

        Raises:
            ExternalError: Git cannot answer.
        """
        done = self._git.run(*_CHANGED, "HEAD", "--")
        if not done.returncode:
            return paths_in(done.stdout)
        since = "HEAD" if self._blob("HEAD") else self._git.text("hash-object", "-t", "tree", "--stdin")
        return self._git.paths(*_CHANGED, since, "--")

    def is_merge(self) -> bool:
        """Whether it has more than one parent.

        Source: gitglossary(7), pseudorefs: this one is a file, whatever form the references have.
        """
        return self._git_dir is not None and (self._git_dir / "MERGE_HEAD").exists()

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

    def _blob(self, name: str) -> str | None:
        return self._git.asked("rev-parse", "--verify", "--quiet", name)
