"""`vtm message` as text."""

from collections.abc import Iterator

from vtm.queries.inbox import Sent
from vtm.rendering.render import Terminal


def lines(result: Sent, _: Terminal) -> Iterator[str]:
    """Where the message waits."""
    yield f"message {result.id} waits for {result.session}"
