"""How git is called where what it says is bytes, or where it called vtm itself."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from vtm.errors import ExternalError

_KEPT = ("GIT_CONFIG", "GIT_EXEC_PATH", "GIT_TRACE", "GIT_DISCOVERY_", "GIT_CEILING_")
_WHO = ("GIT_AUTHOR_", "GIT_COMMITTER_", "GIT_SSH", "GIT_ASKPASS")
_PLACES = ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY")
_PLAIN = {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}


class Git(NamedTuple):
    """Git, called in one folder.

    Attributes:
        folder: Where it runs.
        environment: All of its environment.
    """

    folder: Path
    environment: Mapping[str, str]

    @classmethod
    def at(cls, folder: Path) -> "Git":
        """Git for the repository that `folder` lies in, whatever a hook or caller has set for its own."""
        known = (*_KEPT, *_WHO)
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("GIT_") or name.startswith(known)
        }
        return cls(folder, kept | _PLAIN)

    @classmethod
    def of_caller(cls, folder: Path) -> "Git":
        """Git for the repository and index with which git called vtm, as a hook or a merge driver.

        Source: githooks(5): paths in the environment are relative to where the hook is started.
        """
        there = {name: str(Path(os.environ[name]).absolute()) for name in _PLACES if os.environ.get(name)}
        return cls(folder, dict(os.environ) | there | _PLAIN)

    def run(self, *arguments: str, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
        """Run git, however that ends.

        Raises:
            ExternalError: There is no git.
        """
        try:
            return subprocess.run(
                ["git", *arguments],
                cwd=self.folder,
                env=dict(self.environment),
                input=given,
                capture_output=True,
                check=False,
            )
        except OSError as error:
            reason = (error.strerror or "unknown").lower()
            raise ExternalError(
                f"git cannot be run: {reason}", code="GIT-FAILED", fix="install git and put it on PATH"
            ) from None

    def raw(self, *arguments: str, given: bytes = b"") -> bytes:
        """What git prints.

        Raises:
            ExternalError: It failed; the message is its own.
        """
        done = self.run(*arguments, given=given)
        if done.returncode:
            raise self.failed(done, *arguments)
        return done.stdout

    def text(self, *arguments: str) -> str:
        """What git prints, as text without the line end; bytes that are no UTF-8 as `os.fsdecode` has them.

        Raises:
            ExternalError: It failed.
        """
        return os.fsdecode(self.raw(*arguments)).removesuffix("\n")

    def asked(self, *arguments: str) -> str | None:
        """What git prints; None where it says no by its exit code.

        Raises:
            ExternalError: It failed in another way.
        """
        done = self.run(*arguments)
        if done.returncode > 1:
            raise self.failed(done, *arguments)
        return None if done.returncode else os.fsdecode(done.stdout).removesuffix("\n")

    def paths(self, *arguments: str) -> list[str]:
        """The paths that git prints, each ended by NUL."""
        return paths_in(self.raw(*arguments))

    def failed(self, done: "subprocess.CompletedProcess[bytes]", *arguments: str) -> ExternalError:
        """The error of a call with `arguments` that failed; the message is git's own."""
        said = done.stderr.decode("utf-8", "backslashreplace").strip().splitlines()
        before = ("", *arguments)  # `-c` is followed by a setting, which is not the command either
        named = (each for each, last in zip(arguments, before, strict=False) if last != "-c")
        command = next(each for each in named if not each.startswith("-"))
        lines = [*said, f"exit code {done.returncode}"]
        reason = next((line for line in lines if line.startswith(("fatal: ", "error: "))), lines[0])
        return ExternalError(
            f"git {command} failed: {reason}",
            code="GIT-FAILED",
            fix=f"run `git {command}` in {self.folder.name or self.folder} and mend what it says",
        )


def paths_in(said: bytes) -> list[str]:
    """The paths in what git printed, each ended by NUL."""
    return [os.fsdecode(each) for each in said.split(b"\0") if each]
