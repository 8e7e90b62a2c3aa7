"""vtm is killed after each change that git makes; the same command then does what it was at."""

import os
import shutil
import signal

import pytest

from tests.cli.processes import call
from tests.git.worktrees import A, C, known, place, shop
from tests.projects import put
from tests.repositories import git, vtm

COMMANDS = {
    "make": (("make", C), 1),
    "cleanup": (("cleanup", A), 2),
    "force": (("cleanup", A, "--force"), 7),
    "rescue": (("rescue", A), 6),
}
"""Each with how often it lets git change something."""
MOMENTS = [(name, number) for name, (_, most) in COMMANDS.items() for number in range(1, most + 1)]


def deadly_git(folder, number):
    """A `git` that kills whoever calls it after the change with this number; the folder it is in."""
    real, count = shutil.which("git"), folder / "count"
    script = f"""#!/bin/sh
'{real}' "$@"
code=$?
case " $* " in
*" worktree list "*) exit $code;;
*" worktree "* | *" update-ref "* | *" commit-tree "* | *" write-tree "* | *" add "*) ;;
*" read-tree "* | *" checkout-index "* | *" config --local "*) ;;
*) exit $code;;
esac
echo x >> '{count}'
[ $(wc -l < '{count}') -eq {number} ] && kill -9 $PPID
exit $code
"""
    put(folder, "bin/git", script).chmod(0o755)
    return folder / "bin"


@pytest.mark.soak
@pytest.mark.parametrize(("name", "number"), MOMENTS)
def test_killed_after_a_change(name, number, tmp_path):
    root = shop(tmp_path / "shop")
    before = known(root)[0], git(root, "branch")
    assert vtm(root, "worktree", "make", A).code == 0
    text = "x" if name in {"force", "rescue"} else ""
    if text:
        put(place(root), "new", text)
    if name == "rescue":
        assert vtm(root, "worktree", "cleanup", A, "--force").code == 0
    command, _ = COMMANDS[name]
    path = f"{deadly_git(tmp_path, number)}{os.pathsep}{os.environ['PATH']}"
    done = call(root, "worktree", *command, env={"PATH": path})
    assert done.returncode == -signal.SIGKILL
    again = vtm(root, "worktree", *command)
    assert again.code == 0, again
    if name == "make":
        assert git(place(root, C), "status", "--porcelain", "--branch") == f"## feat/{C}"
        return
    if text:
        assert git(root, "show", f"refs/vtm/rescue/{A}:new") == text
    if name == "rescue":
        assert (place(root) / "new").read_text("utf-8") == text
        return
    assert (known(root)[0], git(root, "branch")) == before
    assert list((root / ".worktrees/.removed").iterdir()) == []
    assert vtm(root, "worktree", "make", A).code == 0
