"""Which commits the versions that are merged come from."""

import os
from collections.abc import Sequence
from pathlib import Path

from vtm.git.calling import Git

_NAMED = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REBASE_HEAD", "REVERT_HEAD", "ORIG_HEAD")
_MERGING = "GITHEAD_"
"""What git calls the variables that name, for people, the commits of a merge: `GITHEAD_<oid>`."""


class Versions:
    """Versions of one file, each known by what is in it, in the repository that is being merged.

    Attributes:
        path: Of that file, relative to the top level of the worktree.
    """

    def __init__(self, folder: Path, path: str) -> None:
        self._git = Git.of_caller(folder)
        self.path = path

    def beside(self, content: bytes, other: str) -> bytes | None:
        """What the file `other` holds in a commit in which `path` holds `content`.

        None where no such commit is found; empty where `other` is not in it.

        Raises:
            ExternalError: Git cannot answer.
        """
        blob = self._git.raw("hash-object", "--stdin", given=content).decode().strip()
        commit = self._holding(blob, self._candidates()) or self._holding(blob, self._history(blob))
        return None if commit is None else self._content(f"{commit}:{other}")

    def _candidates(self) -> list[str]:
        merging = (name.removeprefix(_MERGING) for name in os.environ if name.startswith(_MERGING))
        return ["HEAD", *merging, *_NAMED]

    def _history(self, blob: str) -> list[str]:
        """Commits that put `blob` in the place of the file, and those after which it was taken away."""
        told = self._git.text(
            *("log", "--all", "--reflog", "--full-history", "-m", "--no-show-signature", "--format=%H %P"),
            *(f"--find-object={blob}", "--no-patch", "--", f":(top,literal){self.path}"),
        )
        return list(dict.fromkeys(told.split()))

    def _holding(self, blob: str, commits: Sequence[str]) -> str | None:
        asked = "".join(f"{each}:{self.path}\n" for each in commits)
        if not asked:
            return None
        told = self._git.raw("cat-file", "--batch-check=%(objectname)", given=os.fsencode(asked))
        answers = told.decode("utf-8", "replace").split("\n")
        return next((each for each, found in zip(commits, answers, strict=False) if found == blob), None)

    def _content(self, name: str) -> bytes:
        told = self._git.raw("cat-file", "--batch=%(objecttype)", given=os.fsencode(name + "\n"))
        kind, _, content = told.partition(b"\n")
        return content.removesuffix(b"\n") if kind == b"blob" else b""


def top_level(folder: Path) -> Path:
    """The top level of the worktree that is being merged.

    Raises:
        ExternalError: There is none.
    """
    return Path(Git.of_caller(folder).text("rev-parse", "--show-toplevel"))
