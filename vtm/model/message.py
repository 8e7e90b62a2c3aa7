"""Messages: what a coordinator and its workers say to each other."""

from enum import StrEnum

from msgspec import Struct

from vtm.model.task import Timestamp

LONGEST = 20_000
"""Characters of one message: whoever has more to say writes a file and names it."""


class Audience(StrEnum):
    """Whom a message is for: the `worker` of a session, or the `coordinator` of all of them."""

    WORKER = "worker"
    COORDINATOR = "coordinator"


class Level(StrEnum):
    """How much a message weighs: `info` asks for nothing, `blocking` says that its sender cannot go on."""

    INFO = "info"
    BLOCKING = "blocking"


class Draft(Struct, frozen=True):
    """A message that is to be sent.

    Attributes:
        audience: Whom it is for.
        session: Id of the session that it is said to, or by; empty: whoever says it has none.
        task: Id of the task that it is about; empty: of none.
        sender: Name of who says it; empty: unknown.
    """

    audience: Audience
    text: str
    at: Timestamp
    session: str = ""
    task: str = ""
    sender: str = ""
    level: Level = Level.INFO


class Message(Draft, frozen=True):
    """A message that was sent.

    Attributes:
        id: From 1, in the order of sending.
        read_at: When it was first shown to whom it is for; None: it was not.
    """

    id: int = 0
    read_at: Timestamp | None = None
