"""Where branches are checked out."""

import os
from pathlib import Path

from vtm.git.calling import Git

_WHERE, _WHAT = b"worktree ", b"branch refs/heads/"


def checkout_of(folder: Path, branch: str) -> Path | None:
    """The top level of the worktree, of the repository that `folder` lies in, with `branch` checked out.

    None: there is no such worktree, or its folder is gone.

    Raises:
        ExternalError: Git cannot answer.

    Source: git-worktree(1), porcelain format.
    """
    top = b""
    for line in Git.at(folder).raw("worktree", "list", "--porcelain").splitlines():
        if line.startswith(_WHERE):
            top = line.removeprefix(_WHERE)
        elif line == _WHAT + os.fsencode(branch):
            found = Path(os.fsdecode(top))
            return found if found.is_dir() else None
    return None
