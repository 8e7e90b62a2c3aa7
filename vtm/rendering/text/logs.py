"""`vtm logs` as text."""

from collections.abc import Iterator

from vtm.queries.session_log import SessionLog
from vtm.rendering.plain import Verbatim
from vtm.rendering.render import Terminal


def lines(result: SessionLog, _: Terminal) -> Iterator[str]:
    """The lines as they were printed, without what a terminal could obey."""
    yield from map(Verbatim.of, result.lines)
