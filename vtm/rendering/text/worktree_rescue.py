"""`vtm worktree rescue TASK` as text."""

from collections.abc import Iterator

from vtm.queries.worktree_rescue import BroughtBack
from vtm.rendering.render import Terminal
from vtm.rendering.text.wording import counted


def lines(result: BroughtBack, _: Terminal) -> Iterator[str]:
    """What was brought back where, and how to let go of it."""
    yield f"{result.task}: {result.path}"
    yield from (f"  {path}" for path in result.restored)
    again = f", {counted(result.already, 'more was', 'more were')} there already" if result.already else ""
    yield f"  {counted(len(result.restored), 'file')} brought back from {result.saved.ref}{again}"
    if result.lacks:
        yield f"  warning: {result.branch} lacks {result.saved.base[:12]}, on which this builds"
    yield f"  it stays saved; to let go of it: {result.saved.drop}"
