"""`vtm worktree status` as text."""

from collections.abc import Iterator

from vtm.queries.worktree_current import WorktreeStatus
from vtm.rendering.render import Terminal
from vtm.rendering.text.worktree_list import details


def lines(result: WorktreeStatus, _: Terminal) -> Iterator[str]:
    """How the worktree stands, then what is not committed."""
    if result.worktree is None:
        yield f"no task: {result.reason}"
        return
    yield result.worktree.task
    yield from details(result.worktree)
    yield "  not committed:" if result.changes else "  everything is committed"
    yield from (f"    {each.kind} {each.path}" for each in result.changes)
