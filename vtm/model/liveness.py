"""How a session stands, by what is recorded of it and what can be seen of its process."""

from datetime import timedelta
from typing import NamedTuple

from msgspec import Struct

from vtm.model.session import Session, SessionStatus
from vtm.model.task import Timestamp

GONE = "its process is gone"
ENDED = "its process has ended, and `vtm run` has yet to take over what came of it"
SILENT = "nothing was heard of it for the length of a lease"


class Signs(Struct, frozen=True):
    """What can be seen of a session.

    Attributes:
        here: Whether it runs on this machine; of another machine's nothing else is known.
        alive: Whether a process of it lives.
        attended: Whether a process waits for its end, to take over what comes of it.
        ended: Whether its keeper saw its end; `exit_code` is what it ended with then.
        heard_at: When it last printed something; None: never, or nobody knows.
        said: The last line that it printed; empty: none.
    """

    here: bool = False
    alive: bool = False
    attended: bool = False
    ended: bool = False
    exit_code: int | None = None
    heard_at: Timestamp | None = None
    said: str = ""


class Judged(NamedTuple):
    """How a session stands, why, and when it was last heard of."""

    status: SessionStatus
    reason: str
    heard_at: Timestamp


def judged(session: Session, signs: Signs, now: Timestamp, silence: timedelta) -> Judged:
    """How `session` stands at `now`; after `silence` one that runs is stale.

    What is recorded as ended stays so. A process is looked for only where it runs: what another machine's
    session does is known by what that machine recorded.
    """
    heard = max(filter(None, (session.heard_at, signs.heard_at)))
    if session.status is not SessionStatus.ACTIVE:
        return Judged(session.status, session.reason, heard)
    if signs.here and not signs.alive and signs.ended:
        well = signs.exit_code == 0
        return Judged(SessionStatus.COMPLETED if well else SessionStatus.FAILED, ENDED, heard)
    if signs.here and not signs.alive and session.pid:
        return Judged(SessionStatus.FAILED, GONE, heard)
    if now - heard > silence:
        return Judged(SessionStatus.STALE, SILENT, heard)
    return Judged(SessionStatus.ACTIVE, session.reason, heard)
