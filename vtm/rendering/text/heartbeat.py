"""A lease that was prolonged, as text."""

from collections.abc import Iterator

from vtm.queries.heartbeat import Heartbeat
from vtm.rendering.render import Terminal
from vtm.rendering.text.wording import moment


def lines(result: Heartbeat, _: Terminal) -> Iterator[str]:
    """Until when it lasts."""
    until = moment(result.expires_at)
    yield f"{result.task_id}: {result.agent} holds epoch {result.epoch} until {until}"
