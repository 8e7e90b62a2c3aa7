"""A part of what is installed: what it makes of one file, and what is left of that without it."""

from abc import abstractmethod
from typing import Protocol

from vtm.errors import VtmError


class LeftError(VtmError):
    """A file is left as it is.

    Attributes:
        by_hand: What to put into it by hand; empty: nothing.
    """

    def __init__(self, reason: str, by_hand: str = "") -> None:
        super().__init__(reason, code="LEFT", fix=by_hand)
        self.by_hand = by_hand


class Part(Protocol):
    """What is installed in one file.

    Attributes:
        path: The file, POSIX and relative to the caller's worktree.
        other: Another name that it may have, which counts where there is such a file; empty: none.
    """

    path: str
    other: str

    @abstractmethod
    def added(self, before: bytes | None) -> bytes:
        """The file with this part; `before` is what is in it, None: there is none.

        Raises:
            LeftError: What is there cannot be added to.
        """

    @abstractmethod
    def removed(self, before: bytes) -> bytes | None:
        """The file without this part; None: nothing of it is left.

        Raises:
            LeftError: What is there cannot be told from what somebody else put there.
        """
