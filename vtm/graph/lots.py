"""A queue of which parts can be shut: what cannot be served anyway is not looked at again and again."""

from heapq import heappop, heappush
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=tuple[int, ...])


class Lots(Generic[Key]):
    """Keys in lots; the smallest one in any lot that is not shut comes first. No key is in it twice.

    Putting, taking, shutting and opening take logarithmic time, however many keys a lot holds.
    """

    def __init__(self) -> None:
        self._lots: dict[str, list[Key]] = {}
        self._shut: set[str] = set()
        self._front: list[tuple[Key, str]] = []

    def put(self, key: Key, lot: str = "") -> None:
        """Put a key into a lot; the one without a name need never be shut."""
        keys = self._lots.setdefault(lot, [])
        heappush(keys, key)
        if keys[0] == key and lot not in self._shut:
            heappush(self._front, (key, lot))

    def shut(self, lot: str) -> None:
        """Serve nothing from a lot until it is opened."""
        self._shut.add(lot)

    def open(self, lot: str) -> None:
        """Serve a lot again."""
        self._shut.discard(lot)
        if self._lots.get(lot):
            heappush(self._front, (self._lots[lot][0], lot))

    @property
    def first(self) -> Key | None:
        """The key to take next; None: every lot is shut or empty."""
        while self._front:
            key, lot = self._front[0]
            keys = self._lots[lot]
            if lot not in self._shut and keys and keys[0] == key:
                return key
            heappop(self._front)  # what was first then is not any more
        return None

    def take(self) -> Key:
        """Take the key that is `first`.

        Raises:
            IndexError: There is none.
        """
        if self.first is None:
            raise IndexError("nothing to take")
        key, lot = heappop(self._front)
        keys = self._lots[lot]
        heappop(keys)
        if keys:
            heappush(self._front, (keys[0], lot))
        return key
