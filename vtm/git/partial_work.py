"""Commits all that is there, finished or not, so that it is not lost."""

import os
from collections.abc import Sequence
from pathlib import Path

from vtm.errors import ExternalError
from vtm.git.calling import Git
from vtm.git.committing import Committing

_QUIETLY = ("-c", f"core.hooksPath={os.devnull}", "-c", "core.fsmonitor=false")
"""Hooks judge finished work, and this is none."""


def commit_all(folder: Path, message: str, leave_out: Sequence[str]) -> str:
    """Commit what is changed, staged or untracked in the worktree of `folder`; `leave_out` is not.

    `leave_out` are paths relative to its top level. Nothing is signed, since nobody is there to be asked for
    a passphrase. Returns the commit's id; empty: there is nothing to commit.

    Raises:
        ExternalError: Git refuses, or a merge or the like waits to be finished; all changes are still there.
    """
    git = Git.at(folder)
    top = Path(git.text("rev-parse", "--show-toplevel"))
    unfinished = Committing(top).checkout(()).unfinished
    if unfinished:
        raise ExternalError(
            f"{unfinished} waits to be finished", code="GIT-UNFINISHED", fix="finish it, or take it back"
        )
    git = Git.at(top)
    left = [f":(top,exclude,literal){path}" for path in leave_out]
    git.raw(*_QUIETLY, "add", "--all", "--", ":/", *left)
    if git.asked("diff", "--cached", "--quiet", "--no-ext-diff") is not None:
        return ""
    git.raw(*_QUIETLY, "commit", "--quiet", "--no-verify", "--no-gpg-sign", "--message", message)
    return git.text("rev-parse", "HEAD")
