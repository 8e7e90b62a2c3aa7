"""What files hold in a commit or in the index."""

import os
from collections.abc import Sequence
from pathlib import Path

from vtm.git.calling import Git

INDEX = ""
"""Stands for what is staged, where a commit could."""


class Contents:
    """Files of the repository that `folder` lies in, as git keeps them."""

    def __init__(self, git: Git) -> None:
        self._git = git

    @classmethod
    def at(cls, folder: Path) -> "Contents":
        """Of the worktree at `folder`."""
        return cls(Git.at(folder))

    @classmethod
    def of_caller(cls, folder: Path) -> "Contents":
        """Of the worktree at `folder`, with the index that git handed over."""
        return cls(Git.of_caller(folder))

    def of(self, paths: Sequence[str], revision: str = "HEAD") -> dict[str, bytes]:
        """What those of `paths`, relative to the top level, that are in `revision` hold there.

        Raises:
            ExternalError: Git cannot answer.
        """
        asked = "".join(f"{revision}:{path}\n" for path in paths if "\n" not in path)
        if not asked:
            return {}
        told = self._git.raw("cat-file", "--batch=%(objecttype) %(objectsize)", given=os.fsencode(asked))
        found: dict[str, bytes] = {}
        at = 0
        for path in (each for each in paths if "\n" not in each):
            end = told.find(b"\n", at)
            kind, _, size = told[at:end].partition(b" ")
            at = end + 1
            if kind == b"blob":
                found[path] = told[at : at + int(size)]
            if size.isdigit():
                at += int(size) + 1
        return found
