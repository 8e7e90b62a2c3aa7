"""What was saved from worktrees that were taken away."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from vtm.git.calling import Git
from vtm.git.snapshot import Snapshot, differences, snapshot

RESCUES = "refs/vtm/rescue/"
_FORMAT = "--format=%(refname)%00%(objectname)%00%(tree)%00%(parent)%00%(committerdate:unix)"
_WHO = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "vtm"), ("EMAIL", "vtm@localhost"))
}
_DURABLE = ("-c", "core.fsync=committed,reference")
_WITHOUT_HOOKS = ("-c", f"core.hooksPath={os.devnull}")


class Rescue(NamedTuple):
    """What was not committed in a worktree when it was saved.

    Attributes:
        ref: The reference that keeps it.
        commit: That holds it; its first parent is what was checked out, and a second one has what was staged
            where that was something else.
        tree: All files.
        parents: Of the commit.
        saved_at: UTC, to the second.
    """

    ref: str
    commit: str
    tree: str
    parents: Sequence[str]
    saved_at: datetime


class Rescues:
    """What was saved in the repository whose main worktree is at `top`."""

    def __init__(self, top: Path) -> None:
        self._git = Git.at(top)

    def all(self) -> list[Rescue]:
        """All of them, in the order in which they were saved.

        Raises:
            ExternalError: Git cannot answer.
        """
        told = self._git.text("for-each-ref", _FORMAT, "--sort=refname", RESCUES)
        fields = [line.split("\0") for line in told.splitlines()]
        found = [
            Rescue(ref, commit, tree, tuple(parents.split()), datetime.fromtimestamp(int(at), UTC))
            for ref, commit, tree, parents, at in fields
            if tree and parents  # whoever put something else there knows what it is
        ]
        return sorted(found, key=lambda each: (each.saved_at, len(each.ref), each.ref))

    def of(self, name: str) -> list[Rescue]:
        """Those that were saved under `name`, in the order in which they were."""
        return [each for each in self.all() if name_in(each.ref) == name]

    def save(self, path: Path, name: str, room: Path) -> str:
        """Save what is not committed in the worktree at `path`; the reference that holds it.

        An older one under this name stays. The worktree and its index stay as they are, and no hook runs.

        Raises:
            ExternalError: It cannot be saved.
        """
        with snapshot(path, room) as taken:
            others = self.of(name)
            parents = [taken.head, *self._staged(taken)]
            same = [each for each in others if (each.tree, [*each.parents]) == (taken.tree, parents)]
            if same:
                return same[-1].ref
            commit = self._commit(taken.tree, parents, f"What was not committed for {name}")
            ref = _free(name, {each.ref for each in others})
            self._git.raw(*_DURABLE, *_WITHOUT_HOOKS, "update-ref", ref, commit, "")
            return ref

    def _staged(self, taken: Snapshot) -> list[str]:
        """A commit of what is staged, where that is neither committed nor what the files hold."""
        if not taken.staged or taken.staged == taken.tree or not self._differ(taken.head, taken.staged):
            return []
        return [self._commit(taken.staged, [taken.head], "What was staged")]

    def _differ(self, one: str, other: str) -> bool:
        return bool(differences(self._git, one, other))

    def _commit(self, tree: str, parents: Sequence[str], message: str) -> str:
        git = self._git._replace(environment={**self._git.environment, **_WHO})
        given = [part for parent in parents for part in ("-p", parent)]
        return git.text(*_DURABLE, "commit-tree", tree, *given, "-m", message)


def name_in(ref: str) -> str:
    """The name under which something was saved. The first is `refs/vtm/rescue/A`, the next one `…/A@2`."""
    return ref.removeprefix(RESCUES).partition("@")[0]


def _free(name: str, taken: set[str]) -> str:
    numbers = [
        int(number) if number else 1
        for ref in taken
        if (number := ref.partition("@")[2]).isdecimal() or not number
    ]
    return f"{RESCUES}{name}@{max(numbers) + 1}" if numbers else f"{RESCUES}{name}"
