"""What a session printed."""

from collections.abc import Sequence

from msgspec import Struct

from vtm.model.session import SessionStatus


class SessionLog(Struct, frozen=True, tag_field="schema", tag="vtm.logs/1"):
    """What is kept of the output of a session, the last lines of it; secrets are masked.

    Attributes:
        session: `task_id` is its task.
        total: How many lines are kept.
    """

    session: str
    task_id: str
    status: SessionStatus
    lines: Sequence[str]
    total: int
    returned: int
    truncated: bool
