"""Trees and commits, put together without touching what is checked out."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from vtm.git.calling import Git

_GONE = "0 0000000000000000000000000000000000000000"


class Entry(NamedTuple):
    """A file in a tree; `mode` is in octal digits, `blob` the full id of what it holds."""

    mode: str
    blob: str


class Objects:
    """The objects of the repository with a worktree at `top`; paths are relative to it."""

    def __init__(self, top: Path) -> None:
        self._top = top
        self._git = Git.at(top)

    def changes(self, before: str, after: str) -> dict[str, Entry | None]:
        """Path to what it is in `after`, for all that differ from `before`; None: it is not there.

        Raises:
            ExternalError: Git cannot answer.

        Source: git-diff-tree(1), "Raw output format".
        """
        told = self._git.paths("diff-tree", "-r", "--raw", "--no-renames", "--no-abbrev", "-z", before, after)
        found: dict[str, Entry | None] = {}
        for what, path in zip(told[::2], told[1::2], strict=True):
            _, mode, _, blob, letter = what.split(" ")
            found[path] = None if letter == "D" else Entry(mode, blob)
        return found

    def kept(self, paths: Sequence[str]) -> dict[str, Entry]:
        """Those of `paths` that are regular files, kept byte for byte as they are in the worktree.

        Raises:
            ExternalError: Git cannot keep them.
        """
        there = [path for path in paths if "\n" not in path and (self._top / path).is_file()]
        if not there:
            return {}
        asked = os.fsencode("".join(f"{path}\n" for path in there))
        said = self._git.raw("hash-object", "-w", "--no-filters", "--stdin-paths", given=asked)
        return {path: Entry("100644", blob) for path, blob in zip(there, said.decode().split(), strict=True)}

    def blob(self, data: bytes) -> Entry:
        """A file that holds `data`.

        Raises:
            ExternalError: Git cannot keep it.
        """
        return Entry("100644", self._git.raw("hash-object", "-w", "--stdin", given=data).decode().strip())

    def tree(self, revision: str, changes: Mapping[str, Entry | None]) -> str:
        """The id of the tree of `revision` with `changes`, where None takes a file out.

        Raises:
            ExternalError: Git cannot make it.
        """
        lines = "".join(
            f"{f'{entry.mode} {entry.blob}' if entry else _GONE}\t{path}\0" for path, entry in changes.items()
        )
        with self._index() as git:
            git.raw("read-tree", revision)
            if lines:
                git.raw("update-index", "-z", "--index-info", given=os.fsencode(lines))
            return git.text("write-tree")

    def commit(self, tree: str, parent: str, message: str) -> str:
        """The id of a new commit that nothing refers to yet.

        Raises:
            ExternalError: Git does not know who commits, or cannot make it.
        """
        given = message.encode("utf-8", "backslashreplace")
        return self._git.raw("commit-tree", tree, "-p", parent, given=given).decode().strip()

    @contextmanager
    def _index(self) -> Iterator[Git]:
        """Git with an index of its own."""
        with TemporaryDirectory(prefix="vtm-index-") as folder:
            place = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            yield Git(self._top, dict(self._git.environment) | place)
