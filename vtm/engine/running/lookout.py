"""Waits until there is a reason to look again at what can be started."""

import asyncio
from collections.abc import Set as AbstractSet

from vtm.engine.running.hands import Hands
from vtm.errors import VtmError

_PAUSE = 2.0
"""Seconds between two looks at whether somebody else has written: people and other sessions tell nobody."""


class Lookout:
    """Waits for what is at work, and for what others do to the backlog meanwhile."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands
        self._mark: object = None

    async def look(self) -> None:
        """Remember how the backlog is: what has happened up to now is known."""
        self._mark = await asyncio.to_thread(self._marked)

    async def wait(self, busy: AbstractSet["asyncio.Task[None]"]) -> set["asyncio.Task[None]"]:
        """Those of `busy` that are done, once any is; none: the backlog was changed by somebody."""
        while True:
            done, _ = await asyncio.wait(busy, timeout=_PAUSE, return_when=asyncio.FIRST_COMPLETED)
            if done or await asyncio.to_thread(self._marked) != self._mark:
                return done

    def _marked(self) -> object:
        try:
            return self._hands.mark()
        except VtmError:  # who starts the next task says what is wrong
            return None
