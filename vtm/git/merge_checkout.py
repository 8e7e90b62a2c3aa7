"""The files of a commit in a worktree of their own, on no branch."""

from pathlib import Path

from vtm.errors import ExternalError
from vtm.git.calling import Git


class MergeCheckout:
    """The worktree at `place`, of the repository at `top`; while it is made nobody else makes one."""

    def __init__(self, top: Path, place: Path) -> None:
        self._git = Git.at(top)
        self._place = str(place)

    def make(self, commit: str) -> None:
        """Make it, with the files of `commit`; its folder is not there.

        Raises:
            ExternalError: Git refuses.
        """
        add = ("worktree", "add", "--quiet", "--detach", self._place, commit)
        if not self._git.run(*add).returncode:
            return
        self.forget()  # of one whose maker was killed git knows, though its folder is gone
        try:
            self._git.raw(*add)
        except ExternalError:
            self.forget()
            raise

    def forget(self) -> None:
        """Let git forget it, once its folder is gone."""
        if self._git.run("worktree", "remove", self._place).returncode:
            self._git.run("worktree", "unlock", self._place)
            self._git.run("worktree", "remove", self._place)
