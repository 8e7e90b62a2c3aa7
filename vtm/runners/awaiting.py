"""Waits for the end of a keeper where an event loop runs."""

import asyncio
import os
import threading
from contextlib import suppress
from pathlib import Path

from vtm.runners.keeper.place import KEEPER
from vtm.runners.waiting import keeper_handle, wait_for_lock


async def waited_for(place: Path) -> None:
    """Wait for the end of the keeper in `place`."""
    handle = keeper_handle(place)
    if handle == -1:
        await _waited_for_lock(place)
        return
    loop = asyncio.get_running_loop()
    over = loop.create_future()
    try:
        loop.add_reader(handle, _settle, over)
        await over
    finally:
        loop.remove_reader(handle)
        os.close(handle)


async def _waited_for_lock(place: Path) -> None:
    """Wait in a thread that stands in nobody's way, also when nobody waits for it any more."""
    loop = asyncio.get_running_loop()
    over = loop.create_future()

    def wait() -> None:
        wait_for_lock(place / KEEPER)
        with suppress(RuntimeError):  # the loop is over
            loop.call_soon_threadsafe(_settle, over)

    threading.Thread(target=wait, daemon=True).start()
    await over


def _settle(over: asyncio.Future[None]) -> None:
    if not over.done():
        over.set_result(None)
