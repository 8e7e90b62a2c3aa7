"""What came of a note to the coordinator."""

from msgspec import Struct

from vtm.model.message import Level
from vtm.model.status import Status
from vtm.model.task import Timestamp


class Notified(Struct, frozen=True, kw_only=True, tag_field="schema", tag="vtm.notify/1"):
    """A note to the coordinator, and what was done with it.

    Attributes:
        id: Of the message.
        session: Whose agent says it; empty: no session is known.
        status: Of the task now.
        expires_at: When the lease runs out, which the note renewed; null: it renewed none.
        branch: Of the task. All that is committed stays there.
        commit: The commit that was made of what was not committed; empty: none was.
        work: What became of the work that was not committed; empty: nothing was asked of it.
        resolver: Id of the task that was added to resolve what blocks this one; empty: none was.
    """

    id: int
    level: Level
    task_id: str
    session: str
    status: Status
    expires_at: Timestamp | None = None
    branch: str = ""
    commit: str = ""
    work: str = ""
    resolver: str = ""
