"""Brings branches to a main branch: merged beside all worktrees; main moves to the merge at the end."""

import os
import re
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from vtm.discovery import common_dir
from vtm.git.calling import Git, paths_in
from vtm.git.joining import joined_in
from vtm.git.repository import GitRepository
from vtm.ports.merging import Branch, Joined

_HEADS = "refs/heads/"
_FORMAT = "%(refname)%00%(objectname)%00%(tree)%00%(worktreepath)%00"
_FIELDS = 4
_ALONE = ("-c", f"core.hooksPath={os.devnull}", "-c", "maintenance.auto=false")
"""Git that starts nothing beside: no hook, and no look at whether to tidy up, which commits have as well."""
_USAGE = 129
"""How git ends that does not know an option."""


_REFUSED = re.compile(r"^ ! \[.*\((.*)\)$", re.MULTILINE)
"""The line with which git says of a branch that it was not taken, and why. Source: git-push(1), "Output"."""
_BEHIND = {"fetch first", "non-fast-forward"}


class Unrelated(NamedTuple):
    """Two commits have no history in common."""


class Pushed(NamedTuple):
    """How pushing to a remote went: `failure` is empty where it did."""

    remote: str
    failure: str


class Mainline:
    """The repository at `top`, in which branches are brought together."""

    def __init__(self, top: Path) -> None:
        self._top = top
        self._git = Git.at(top)

    def branches(self, names: Collection[str]) -> dict[str, Branch]:
        """Those of the local branches `names` that exist; without names, all of them.

        Raises:
            ExternalError: Git cannot answer.
        """
        wanted = [_HEADS + name for name in names] or [_HEADS]
        told = os.fsdecode(self._git.raw("for-each-ref", f"--format={_FORMAT}", *wanted)).split("\0")
        found: dict[str, Branch] = {}
        for at in range(0, len(told) - _FIELDS, _FIELDS):
            name, commit, tree, where = told[at : at + _FIELDS]
            short = name.removeprefix("\n").removeprefix(_HEADS)
            checkout = where if where and Path(where).is_dir() else ""
            found[short] = Branch(commit, tree, checkout)
        return {name: found[name] for name in names if name in found} if names else found

    def joined(self, main: str, head: str) -> Joined | Unrelated:
        """What `main` with `head` merged into it holds; nothing is checked out for it.

        Raises:
            ExternalError: Git cannot do it.

        Source: git-merge-tree(1).
        """
        done = self._git.run("merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", main, head)
        if done.returncode > 1 or done.returncode < 0:
            if self.base(main, head) is None:
                return Unrelated()
            if done.returncode == _USAGE:
                place = common_dir(self._top) / "vtm" / "joining"
                return joined_in(self._top, place, main, head)
            raise self._git.failed(done, "merge-tree")
        tree, *conflicts = paths_in(done.stdout)
        return Joined(tree, tuple(dict.fromkeys(conflicts)))

    def base(self, one: str, other: str) -> str | None:
        """A commit from which both come; None: there is none."""
        return self._git.asked("merge-base", one, other)

    def changed(self, before: str, after: str) -> tuple[str, ...]:
        """Paths that differ between two trees or commits, sorted; of what was renamed both names."""
        told = self._git.raw("diff-tree", "-r", "--name-only", "--no-renames", "-z", before, after, "--")
        return tuple(sorted(each.decode("utf-8", "backslashreplace") for each in told.split(b"\0") if each))

    def contains(self, head: str, commit: str) -> bool:
        """Whether `commit` exists and is `head` or one of its ancestors."""
        return self._git.run("merge-base", "--is-ancestor", commit, head).returncode == 0

    def lacking(self, main: str, commits: Collection[str]) -> frozenset[str]:
        """Those of `commits`, full ids, that exist and are not in `main`."""
        if not commits:
            return frozenset()
        asked = "".join(f"{each}\n" for each in (*commits, f"^{main}"))
        outside = self._git.raw("rev-list", "--ignore-missing", "--stdin", given=asked.encode()).decode()
        return frozenset(outside.split()).intersection(commits)

    def commit(self, tree: str, parents: Sequence[str], message: str) -> str:
        """A commit of `tree`, which no branch has yet.

        Raises:
            ExternalError: Git cannot make it, for example because it does not know who the author is.
        """
        named = [word for parent in parents for word in ("-p", parent)]
        if _signs(self._top):
            named.append("-S")
        return os.fsdecode(self._git.raw("commit-tree", *named, tree, given=message.encode())).strip()

    def move(self, name: str, main: Branch, to: str) -> None:
        """Let the branch `name`, which is `main`, be the commit `to`, which comes of it.

        Files in its worktree follow, and no hook of git's runs. Nothing happens where it has moved meanwhile,
        or where something that is not committed would be lost.

        Raises:
            ExternalError: It did not move.
        """
        if not main.checkout:
            self._git.raw("update-ref", "-m", "merge", _HEADS + name, to, main.commit)
            return
        git = Git.at(Path(main.checkout))
        options = ("--quiet", "--ff-only", "--no-squash", "--no-autostash", "--no-overwrite-ignore")
        done = git.run(*_ALONE, "merge", *options, to)
        if done.returncode:
            raise git.failed(done, "merge")

    def changes_in(self, checkout: str) -> tuple[str, ...]:
        """Paths in a worktree that are changed, staged or untracked."""
        return GitRepository(Path(checkout), Path(checkout)).status().changed

    def push(self, name: str) -> Pushed:
        """Push the branch `name` to the branch that it follows, else to its like at the origin."""
        form = "--format=%(upstream:remotename)%00%(upstream:remoteref)"
        remote, _, reference = self._git.text("for-each-ref", form, _HEADS + name).partition("\0")
        to = remote if remote and remote != "." else "origin"
        where = reference if remote == to and reference else _HEADS + name
        done = self._git.run("push", "--quiet", to, f"{_HEADS}{name}:{where}")
        if not done.returncode:
            return Pushed(to, "")
        refused = _REFUSED.search(done.stderr.decode("utf-8", "backslashreplace"))
        return Pushed(to, _why(to, refused[1]) if refused else self._git.failed(done, "push").message)


def _why(remote: str, reason: str) -> str:
    if reason in _BEHIND:
        return f"{remote} has commits that it lacks; bring them here with `git pull`, and push again"
    return f"{remote} refused it: {reason}"


@cache
def _signs(top: Path) -> bool:
    """Whether commits are to be signed, which `git commit-tree` leaves to its caller; a run asks once."""
    return Git.at(top).asked("config", "--type=bool", "--get", "commit.gpgsign") == "true"


def unmerged_branches(top: Path, mains: Collection[str]) -> set[str]:
    """The local branches of the repository at `top` that have commits that the first of `mains` lacks.

    Raises:
        ExternalError: Git cannot answer.
    """
    git = Git.at(top)
    wanted = [f"{_HEADS}{name}" for name in mains]
    found = git.text("for-each-ref", "--format=%(refname)", *wanted).split() if wanted else []
    main = next((each for each in wanted if each in found), None)
    if main is None:
        return set()
    told = git.text("for-each-ref", "--format=%(refname)", f"--no-merged={main}", _HEADS).splitlines()
    return {each.removeprefix(_HEADS) for each in told}
