"""Which files were changed by the work of which commit, and on which branch."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from vtm.git.calling import Git

_FORMAT = "--format=%x01%H %P%x00%s"


class Step(NamedTuple):
    """A commit on the first line of main's history.

    Attributes:
        id: Full.
        merged: Full ids of what it merged; empty: it is no merge.
        subject: The first line of its message.
        paths: That changed with it, relative to the top level.
    """

    id: str
    merged: tuple[str, ...]
    subject: str
    paths: tuple[str, ...]


class Footsteps:
    """What was changed in the repository that `folder` lies in."""

    def __init__(self, folder: Path) -> None:
        self._git = Git.at(folder)

    def of_main(self, main: str, since: datetime) -> Iterator[Step]:
        """The steps of main since a moment, the latest first.

        Raises:
            ExternalError: Git cannot answer.
        """
        options = ("--no-show-signature", "--first-parent", "-m", "--name-only", "--no-renames", "-z")
        moment = f"--since=@{int(since.timestamp())} +0000"
        said = os.fsdecode(self._git.raw("log", *options, moment, _FORMAT, main, "--"))
        for block in said.split("\x01")[1:]:
            head, subject, *paths = block.split("\0")
            identity, *parents = head.split(" ")
            names = tuple(path.removeprefix("\n") for path in paths if path.strip("\n"))
            yield Step(identity, tuple(parents[1:]), subject, names)

    def of_branch(self, main: str, branch: str) -> tuple[str, ...]:
        """What a branch has changed since it left main.

        Raises:
            ExternalError: Git cannot answer.
        """
        return tuple(
            self._git.paths(
                "diff", "--name-only", "--no-renames", "--no-ext-diff", "-z", f"{main}...{branch}", "--"
            )
        )
