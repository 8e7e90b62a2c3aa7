"""A lease that was prolonged."""

from typing import Self

from msgspec import Struct

from vtm.model.lease import Lease
from vtm.model.task import Timestamp


class Heartbeat(Struct, frozen=True, tag_field="schema", tag="vtm.heartbeat/1"):
    """A lease that was prolonged."""

    task_id: str
    agent: str
    session: str
    epoch: int
    expires_at: Timestamp

    @classmethod
    def of(cls, lease: Lease) -> Self:
        """The answer for `lease`."""
        return cls(lease.task, lease.owner, lease.session, lease.epoch, lease.expires_at)
