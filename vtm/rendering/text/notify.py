"""`vtm notify` as text."""

from collections.abc import Iterator

from vtm.model.message import Level
from vtm.queries.notified import Notified
from vtm.rendering.render import Terminal
from vtm.rendering.text.wording import moment


def lines(result: Notified, _: Terminal) -> Iterator[str]:
    """That it was told, and how the task and the work on it stand."""
    yield f"{result.task_id}: the coordinator is told (message {result.id})"
    if result.expires_at:
        yield f"  lease until {moment(result.expires_at)}"
    if result.level is Level.BLOCKING:
        yield f"  {result.status}, and the lease is over: stop working at it"
        yield f"  {result.work}"
    if result.resolver:
        yield f"  to be resolved by {result.resolver}, which it depends on now"
