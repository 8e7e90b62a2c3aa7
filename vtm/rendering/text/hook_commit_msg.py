"""`vtm hook commit-msg` as text."""

from collections.abc import Iterator

from vtm.queries.commit_scaffold import MessageAllowed
from vtm.rendering.render import Terminal
from vtm.rendering.text.wording import listed


def lines(result: MessageAllowed, _: Terminal) -> Iterator[str]:
    """The criteria that the message names."""
    if result.criteria:
        yield f"the message names {listed(result.criteria)} of {result.task_id}"
