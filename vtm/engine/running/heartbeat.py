"""Keeps the leases of sessions alive while their processes live."""

import asyncio
from collections.abc import Callable, Collection

from vtm.engine.running.hands import Hands
from vtm.model.session import Session

_OFTEN, _SELDOM = 0.2, 60.0


async def keep_alive(hands: Hands, sessions: Callable[[], Collection[Session]], ttl: float) -> None:
    """Renew the leases of `sessions` three times in `ttl` seconds, for as long as this is not cancelled."""
    pause = max(_OFTEN, min(ttl / 3, _SELDOM))
    while True:
        await asyncio.sleep(pause)
        alive = list(sessions())
        if alive:
            await asyncio.to_thread(hands.renew, alive)
