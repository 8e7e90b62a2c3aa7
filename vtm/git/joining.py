"""What two commits are together, where git is too old to say so without a worktree."""

import shutil
from pathlib import Path

from vtm.git.calling import Git
from vtm.git.merge_checkout import MergeCheckout
from vtm.ports.merging import Joined


def joined_in(top: Path, place: Path, main: str, head: str) -> Joined:
    """What `main` with `head` merged into it holds, found out in a worktree at `place`, which is gone then.

    Only one at a time may do so in the repository at `top`.

    Raises:
        ExternalError: Git cannot do it.

    Source: git-merge(1); `git merge-tree --write-tree` is there since 2.38.
    """
    checkout = MergeCheckout(top, place)
    shutil.rmtree(place, ignore_errors=True)
    checkout.make(main)
    try:
        git = Git.at(place)
        done = git.run("merge", "--quiet", "--no-ff", "--no-commit", "--no-squash", head)
        conflicts = git.paths("diff", "--name-only", "--diff-filter=U", "-z")
        if done.returncode and not conflicts:
            raise git.failed(done, "merge")
        return Joined("" if conflicts else git.text("write-tree"), tuple(conflicts))
    finally:
        shutil.rmtree(place, ignore_errors=True)
        checkout.forget()
