"""Worktrees on a disk with little room, which only this process and its children see.

unshare --mount python -m tests.git.full_disk FOLDER CASE
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.git.worktrees import A, C, known, place, shop
from tests.projects import put
from tests.repositories import commit, vtm

_BIG = 300_000


def make(root):
    """A worktree is made whose files have no room."""
    return "worktree", "make", C, "--json"


def save(root):
    """What is not committed has no room as objects."""
    put(place(root), "new", os.urandom(_BIG).hex())
    return "worktree", "cleanup", A, "--force", "--json"


def bring_back(root):
    """What was saved has no room as files."""
    put(place(root), "new", "x" * 2 * _BIG)
    put(place(root), "other", "x")
    vtm(root, "worktree", "cleanup", A, "--force")
    vtm(root, "worktree", "make", A)
    return "worktree", "rescue", A, "--json"


CASES = {each.__name__: each for each in (make, save, bring_back)}


def main(folder, case):
    """What the command answered without room, whether git knew the same then, and how it went with room."""
    folder.mkdir(parents=True, exist_ok=True)
    options = ["-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    if subprocess.run(["mount", *options], capture_output=True, check=False).returncode:
        return None
    root = shop(folder / "shop")
    put(root, "big", "y" * 2 * _BIG)
    commit(root)
    assert vtm(root, "worktree", "make", A).code == 0
    command = CASES[case](root)
    before = known(root), sorted(place(root).rglob("*"))
    filler = folder / "filler"
    filler.write_bytes(b"x" * 4096 * (os.statvfs(folder).f_bavail - 40))
    answer = vtm(root, *command)
    same = (known(root), sorted(place(root).rglob("*"))) == before
    filler.unlink()
    return {"answer": answer, "same": same, "then": vtm(root, *command)}


if __name__ == "__main__":
    json.dump(main(Path(sys.argv[1]), sys.argv[2]), sys.stdout)
