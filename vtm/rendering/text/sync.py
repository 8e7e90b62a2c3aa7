"""`vtm sync` as text."""

from collections.abc import Iterator

from vtm.queries.synced import Synced
from vtm.rendering.render import Terminal


def lines(result: Synced, _: Terminal) -> Iterator[str]:
    """What was committed where, or that there was nothing."""
    if not result.paths:
        yield f"Nothing to commit: {result.branch} has state and journal as they are."
        return
    if result.commit:
        yield f"Committed {result.commit[:12]} on {result.branch}:"
    else:
        yield f"Would commit on {result.branch}:"
    yield from (f"  {path}" for path in result.paths)
