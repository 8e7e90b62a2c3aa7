"""Where messages are kept."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Protocol

from vtm.model.message import Audience, Draft, Message
from vtm.model.task import Timestamp


class Messages(Protocol):
    """The messages of a project; every method raises `ExternalError` where they cannot be read or written.

    A `session` narrows it to what is said to or by that session; None: all sessions.
    """

    @abstractmethod
    def send(self, draft: Draft) -> Message:
        """Put a message behind those that are there."""

    @abstractmethod
    def all(self, audience: Audience, session: str | None = None) -> Sequence[Message]:
        """Those for `audience`, in the order of sending, and none is marked as read."""

    @abstractmethod
    def unread(self) -> Mapping[str, int]:
        """How many messages the worker of each session was not shown, by the id of the session."""

    @abstractmethod
    def take(self, audience: Audience, now: Timestamp, session: str | None = None) -> Sequence[Message]:
        """Those that were not read, in the order of sending; they are from now on, for whoever asks."""
