"""Leases are renewed again after it failed, and that it failed is told once."""

import asyncio
from datetime import UTC, datetime

from vtm.engine.running.heartbeat import keep_alive
from vtm.engine.running.telling import Teller
from vtm.errors import ExternalError

FAILURES = 2


class Hands:
    """Cannot renew the first times; whoever waits hears when it could."""

    def __init__(self):
        self.calls = 0
        self.renewed = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def now(self):
        return datetime(2026, 1, 1, tzinfo=UTC)

    def renew(self, sessions):
        self.calls += 1
        if self.calls <= FAILURES:
            raise ExternalError("it is locked", code="RUNTIME-FAILED", fix="run it again")
        self._loop.call_soon_threadsafe(self.renewed.set)


def test_what_fails_once_is_tried_again():
    told = []

    async def beats():
        hands = Hands()
        beat = asyncio.create_task(keep_alive(hands, lambda: ["a session"], 0.1, Teller(hands, told.append)))
        await asyncio.wait_for(hands.renewed.wait(), 30)
        beat.cancel()
        await asyncio.gather(beat, return_exceptions=True)
        return hands.calls

    assert asyncio.run(beats()) > FAILURES
    assert [each.text for each in told] == ["leases could not be renewed: it is locked; run it again"]
