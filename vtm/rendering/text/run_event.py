"""Something that happened in a run, as text."""

from collections.abc import Iterator

from vtm.queries.run_event import RunEvent
from vtm.rendering.render import Terminal


def lines(result: RunEvent, _: Terminal) -> Iterator[str]:
    """One line: when, what, of which task, and more about it."""
    who = result.session or result.task
    parts = (f"{result.at:%H:%M:%S}", f"{result.event:<14}", who, result.text)
    yield "  ".join(filter(None, parts)).rstrip()
