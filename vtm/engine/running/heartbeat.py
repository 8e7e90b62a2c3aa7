"""Keeps the leases of sessions alive while their processes live."""

import asyncio
from collections.abc import Callable, Collection

from vtm.engine.running.hands import Hands
from vtm.engine.running.telling import Teller
from vtm.errors import VtmError
from vtm.model.session import Session
from vtm.queries.run_event import RunStep

_OFTEN, _SELDOM = 0.2, 60.0


async def keep_alive(
    hands: Hands, sessions: Callable[[], Collection[Session]], ttl: float, teller: Teller
) -> None:
    """Renew the leases of `sessions` three times in `ttl` seconds, for as long as this is not cancelled.

    What fails once, such as a database that is locked or a disk that is full, is tried again, and told
    once: whoever works must not lose its task over it.
    """
    pause = max(_OFTEN, min(ttl / 3, _SELDOM))
    failed = False
    while True:
        await asyncio.sleep(pause)
        alive = list(sessions())
        if not alive:
            continue
        try:
            await asyncio.to_thread(hands.renew, alive)
            failed = False
        except VtmError as error:
            if not failed:
                teller(RunStep.DIFFERS, f"leases could not be renewed: {error.message}; {error.fix}")
            failed = True
