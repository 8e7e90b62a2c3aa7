"""`vtm hook prepare-commit-msg` as text."""

from collections.abc import Iterator

from vtm.queries.commit_scaffold import MessagePrepared
from vtm.rendering.render import Terminal


def lines(result: MessagePrepared, _: Terminal) -> Iterator[str]:
    """The criterion whose message was filled in."""
    if result.criterion:
        yield f"the message for {result.criterion} of {result.task_id} was filled in"
