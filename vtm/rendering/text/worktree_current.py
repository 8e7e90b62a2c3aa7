"""`vtm worktree current` as text."""

from collections.abc import Iterator

from vtm.queries.worktree_current import CurrentWorktree
from vtm.rendering.render import Terminal


def lines(result: CurrentWorktree, _: Terminal) -> Iterator[str]:
    """The task, and where its worktree is; or why there is none."""
    if not result.task:
        yield f"no task: {result.reason}"
        return
    yield result.task
    yield f"  worktree: {result.path}"
    yield f"  branch: {result.branch or 'none'}"
    yield f"  base: {result.base[:12] or 'unknown'}"
