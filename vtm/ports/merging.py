"""What bringing work home asks of whoever wires it up."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from vtm.model.backlog import Backlog
from vtm.model.finding import Finding
from vtm.model.task import Task


class Red(NamedTuple):
    """A check of a merged tree that failed.

    Attributes:
        command: That failed.
        how: It ended, such as `ended with exit code 1`.
        output: The end of what it printed, fit to be shown.
    """

    command: str
    how: str
    output: str


class Branch(NamedTuple):
    """A branch.

    Attributes:
        commit: Its head, full id.
        tree: Of that commit.
        checkout: Top level, absolute, of the worktree that has it checked out; empty: none has, or its folder
            is gone.
    """

    commit: str
    tree: str
    checkout: str


class Joined(NamedTuple):
    """What two commits are together.

    Attributes:
        tree: Full id; with conflicts, one that nobody wants.
        conflicts: Paths that both have changed in ways that do not fit, relative to the top level.
    """

    tree: str
    conflicts: tuple[str, ...]


class Merges(Protocol):
    """The project around a merge."""

    @abstractmethod
    def branch_of(self, task_id: str) -> str:
        """The branch on which a task is, or would be, worked at."""

    @abstractmethod
    def allow(self, name: str, main: Branch) -> None:
        """Let nothing be merged to the branch `name`, which is `main`, where it would be in somebody's way.

        Raises:
            VtmError: It would be.
        """

    @abstractmethod
    def lacking(self, backlog: Backlog, task: Task) -> list[str]:
        """The dependencies of a task whose work main lacks."""

    @abstractmethod
    def own(self, paths: Sequence[str], before: str, after: str) -> list[str]:
        """Those of `paths` that vtm alone writes, or that differ between two trees in what it writes."""

    @abstractmethod
    def findings(self, backlog: Backlog, task: Task, branch: str, paths: Sequence[str]) -> list[Finding]:
        """What the gates say of a branch that changes `paths`, relative to the top level."""

    @abstractmethod
    def red(self, commit: str, task_id: str) -> Red | None:
        """The first check that fails on the files of `commit`; None: all pass, or there are none.

        Raises:
            ExternalError: They cannot be run.
        """
