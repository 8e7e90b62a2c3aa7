"""What else the core's facts come from."""

from abc import abstractmethod
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple, Protocol


class WorkingTree(NamedTuple):
    """What a version control system says of a checkout.

    Attributes:
        branch: Empty when no branch is checked out.
        changed: Changed, staged and untracked paths, relative to the top level.
    """

    branch: str
    changed: tuple[str, ...]


class Repository(Protocol):
    """A version control system.

    Every method raises `ExternalError` where it cannot answer.
    """

    @abstractmethod
    def status(self) -> WorkingTree:
        """Branch and changes of the main worktree."""

    @abstractmethod
    def merged(self, commits: Collection[str], branches: Collection[str]) -> frozenset[str]:
        """Those of `commits` that the first existing of `branches` contains."""

    @abstractmethod
    def changed_since(self, moment: datetime, paths: Collection[str]) -> frozenset[str]:
        """Those of `paths` that were committed after `moment`; none where the history is cut short."""

    @abstractmethod
    def committed_at(self, path: str) -> datetime | None:
        """When `path` was last committed; None where it never was."""
