"""Durable workflows: each drives one session, and goes on where it was when its engine is gone."""

from abc import abstractmethod
from collections.abc import Collection, Sequence
from typing import NamedTuple, Protocol


class Unfinished(NamedTuple):
    """A workflow that did not come to its end.

    Attributes:
        session: Id of the session that it drives; it is called the same.
        executor: The engine process that ran it last.
    """

    session: str
    executor: str


class Attendant(Protocol):
    """What is to be done for a session. Each step may be taken again after a crash: it must be idempotent."""

    @abstractmethod
    async def work(self, session: str) -> None:
        """Let an agent work until it ended; where this is cancelled, the agent is ended."""

    @abstractmethod
    def settle(self, session: str) -> str:
        """Take over what came of it into the state; a word that says what that is."""


class Workflows(Protocol):
    """Where the progress of sessions is recorded.

    Every method raises `ExternalError` where that place cannot be used.
    """

    @abstractmethod
    async def run(self, session: str) -> str:
        """Drive a session to its end, or wait for the end of what drives it; what `settle` said.

        Raises:
            CancelledSessionError: It was cancelled.
        """

    @abstractmethod
    async def cancel(self, sessions: Collection[str]) -> None:
        """Let these sessions end, and what they started; their agents are ended."""

    @abstractmethod
    def unfinished(self) -> Sequence[Unfinished]:
        """Sessions whose workflow is not over, whoever drives it."""

    @abstractmethod
    def recover(self, executors: Collection[str]) -> None:
        """Drive here what these engine processes drove: they are gone."""

    @abstractmethod
    def close(self) -> None:
        """Be done; what is not over stays as it is and can be recovered."""


class CancelledSessionError(Exception):
    """A session was cancelled before it came to its end."""
