"""Where sessions are kept."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol

from vtm.model.session import Session, SessionStatus
from vtm.model.task import Timestamp


class Sessions(Protocol):
    """The sessions of a project; every method raises `ExternalError` where they cannot be read or written."""

    @abstractmethod
    def all(self) -> Sequence[Session]:
        """All of them, in the order in which they were started."""

    @abstractmethod
    def named(self, session: str) -> Session | None:
        """The one with this id."""

    @abstractmethod
    def of_task(self, task_id: str) -> Sequence[Session]:
        """Those of a task, by attempt."""

    @abstractmethod
    def add(self, session: Session) -> bool:
        """Keep a new one; False where there is one with this id, which stays as it is."""

    @abstractmethod
    def started(self, session: str, pid: int, now: Timestamp) -> None:
        """Its keeper runs as `pid`."""

    @abstractmethod
    def heard(self, session: str, now: Timestamp) -> None:
        """There was a sign of life."""

    @abstractmethod
    def ended(
        self, session: str, status: SessionStatus, now: Timestamp, *, exit_code: int | None, reason: str
    ) -> bool:
        """It is over; False where it was over already, and how that was stays recorded."""

    @abstractmethod
    def settle(self, session: str) -> None:
        """What came of it was taken over into the state."""
