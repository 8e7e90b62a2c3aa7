"""Leases: the right of one agent to change one task."""

from msgspec import Struct

from vtm.model.task import Timestamp


class Lease(Struct, frozen=True):
    """The right of one agent to change one task.

    Attributes:
        owner: Name of the agent.
        session: Its session; empty: it named none.
        epoch: Of the task when it was granted; a later one makes this lease worthless.
        renewed_at: When its holder was last heard of.
        expires_at: From then on another agent may take the task over.
        host: Where the holder runs.
        pid: Process that asked for it.
    """

    task: str
    owner: str
    session: str
    epoch: int
    granted_at: Timestamp
    renewed_at: Timestamp
    expires_at: Timestamp
    host: str
    pid: int
