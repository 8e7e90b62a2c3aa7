"""Runs: what was asked of one, so that it can be taken up again."""

from msgspec import Struct

from vtm.model.task import Timestamp


class Run(Struct, frozen=True):
    """A run of many sessions.

    Attributes:
        host: Where it ran, as process `pid`.
        asked: What it was asked for, as JSON.
        ended_at: None: it runs, or was cut short.
        outcome: How it ended; empty: it did not.
    """

    id: int
    host: str
    pid: int
    started_at: Timestamp
    asked: str
    ended_at: Timestamp | None = None
    outcome: str = ""
