"""Projects in git whose tasks get worktrees, and what git says of them."""

import json

from tests.projects import STATE, put, task, write
from tests.repositories import commit, git, repository

A, B, C = "A--T01", "B--T01", "C--T01"


def shop(folder, *, state=None, more=(), settings=""):
    """A project on main, with A, B that needs A, and C."""
    root = repository(folder, commit_first=False)
    git(root, "symbolic-ref", "HEAD", "refs/heads/main")
    write(root, [task(A), task(B, needs=[A]), task(C), *more], state or {})
    put(root, "vtm.toml", f"wip_limit = 0\n{settings}")
    put(root, ".gitignore", "*.log\n")
    commit(root)
    return root


def known(root):
    """What git knows: worktrees with what they have checked out, and all references."""
    return git(root, "worktree", "list", "--porcelain"), git(root, "for-each-ref")


def place(root, name=A, prefix="feat/"):
    """Where the worktree of a task is."""
    return root / ".worktrees" / f"{prefix}{name}"


def work(root, name=A, text="work\n"):
    """Commit something in the worktree of a task; returns the commit's id."""
    put(place(root, name), f"src/{name}.py", text)
    return commit(place(root, name), f"Work on {name}")


def merge(root, name=A):
    """Merge the branch of a task into main, as people do it; returns the commit's id."""
    git(root, "merge", "-q", "--no-ff", "-m", f"Merge {name}", f"feat/{name}")
    return git(root, "rev-parse", "HEAD")


def record(root, **entries):
    """Write entries of the state, and commit them."""
    put(root, STATE, json.dumps({"manifest_hash": "PLACEHOLDER", "tasks": entries}))
    return commit(root, "State")
