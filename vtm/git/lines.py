"""Lines of history: what one commit has that another has not."""

from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from vtm.git.calling import Git

_FIELDS = "--format=%H%x00%ct%x00%s"


class Commit(NamedTuple):
    """A commit.

    Attributes:
        id: Full.
        at: When it was made.
        subject: The first line of its message.
    """

    id: str
    at: datetime
    subject: str


class History:
    """The history of the repository that `folder` lies in."""

    def __init__(self, folder: Path) -> None:
        self._git = Git.at(folder)

    def since(self, before: str, after: str) -> list[Commit]:
        """The commits that `after` has and `before` has not, the latest first.

        Raises:
            ExternalError: One of them is missing, for example in a clone that is cut short.
        """
        told = self._git.raw("log", "--no-show-signature", _FIELDS, after, f"^{before}", "--")
        lines = told.decode("utf-8", "backslashreplace").split("\n")
        found = (line.split("\0", 2) for line in lines if line)
        return [Commit(one, datetime.fromtimestamp(int(at), UTC), subject) for one, at, subject in found]

    def outside(self, commit: str) -> frozenset[str]:
        """All commits of local branches that `commit` has not.

        Raises:
            ExternalError: Git cannot answer.
        """
        return frozenset(self._git.text("rev-list", "--branches", f"^{commit}", "--").split())

    def contains(self, head: str, commit: str) -> bool:
        """Whether `commit` is `head` or one of its ancestors."""
        return self._git.run("merge-base", "--is-ancestor", commit, head).returncode == 0

    def as_committed(self, paths: Collection[str]) -> None:
        """Give files of the worktree back what the last commit has of them.

        Raises:
            ExternalError: Git cannot.
        """
        if paths:
            self._git.raw("--literal-pathspecs", "checkout", "--quiet", "HEAD", "--", *paths)

    def go_on(self, commit: str) -> None:
        """Let the branch that is checked out be `commit`, which comes of it; files follow.

        What is ignored is not overwritten, and no hook of the project runs.

        Raises:
            ExternalError: It did not move.
        """
        options = ("--quiet", "--ff-only", "--no-overwrite-ignore")
        self._git.raw("-c", "core.hooksPath=/dev/null", "merge", *options, commit)
