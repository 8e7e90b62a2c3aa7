"""Files whose values can be mended where they stand."""

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol, Self

from vtm.model.edits import Edit
from vtm.model.finding import Pointer
from vtm.model.fixing import DeclaringFile


class Mendable(Protocol):
    """The text of a file that declares tasks."""

    @property
    @abstractmethod
    def name(self) -> str:
        """Its path, POSIX and relative to the root."""

    @property
    @abstractmethod
    def data(self) -> bytes:
        """Its bytes."""

    @abstractmethod
    def declaring(self) -> DeclaringFile:
        """What in it can be mended; pointers are those that `mended` and `places` take."""

    @abstractmethod
    def mended(self, edits: Sequence[Edit]) -> Self:
        """The text after `edits`; every byte that they are not about is as it was.

        Raises:
            UnreadableError: It would not be read as what is meant.
        """

    @abstractmethod
    def places(self, pointers: Collection[Pointer]) -> Mapping[Pointer, tuple[int, int]]:
        """Line and column, from 1, of what `pointers` lead to."""
