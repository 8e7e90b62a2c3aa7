"""What to start now, and how far things are, as text."""

from collections.abc import Iterator

from vtm.queries.outlook import Outlook
from vtm.rendering.render import Terminal
from vtm.rendering.text import next as next_
from vtm.rendering.text import pulse


def lines(result: Outlook, terminal: Terminal) -> Iterator[str]:
    """The task or why there is none, then the pulse."""
    answer = result.next or result.nothing
    if answer is not None:
        yield from next_.lines(answer, terminal)
    yield from pulse.lines(result.pulse, terminal)
