"""Where batches are kept."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol

from vtm.model.batch import LockedBatch, Place
from vtm.model.task import Timestamp


class Batches(Protocol):
    """The batches of a project; every method raises `ExternalError` where they cannot be read or written."""

    @abstractmethod
    def all(self) -> Sequence[LockedBatch]:
        """All of them, in the order in which they were locked."""

    @abstractmethod
    def places(self, batch: str | None = None) -> Sequence[Place]:
        """Which task is in which batch, batch by batch in the order of launching; None: of all batches."""

    @abstractmethod
    def of_task(self, task_id: str) -> Place | None:
        """The batch that a task is in: the one that is not finished, else the last one. None: none."""

    @abstractmethod
    def add(self, batch: LockedBatch, tasks: Sequence[str]) -> None:
        """Keep a new one with these tasks.

        Raises:
            ConflictError: Its id is taken, or a task is in another batch that is not finished.
        """

    @abstractmethod
    def finish(self, batch: str, without: Sequence[str], now: Timestamp) -> None:
        """Take the tasks `without` out of a batch, and finish it."""
