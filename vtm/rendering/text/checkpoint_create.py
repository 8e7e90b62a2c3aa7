"""`vtm checkpoint create` as text."""

from collections.abc import Iterator

from vtm.queries.checkpoint import CheckpointMade
from vtm.rendering.render import Terminal
from vtm.rendering.text.wording import counted, listed


def lines(result: CheckpointMade, _: Terminal) -> Iterator[str]:
    """What it holds, and what it does not hold."""
    made = result.checkpoint
    where = f"{made.branch} at {made.commit[:12]}, {counted(made.events, 'event')} in the journal"
    yield f"Checkpoint {made.name}: {where}"
    if result.left_out:
        yield f"  not in it, since no commit has them: {listed(result.left_out)}"
