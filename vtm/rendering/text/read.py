"""Receipts as text."""

from collections.abc import Iterator

from vtm.queries.receipts import FilesRead
from vtm.rendering.render import Terminal


def lines(result: FilesRead, _: Terminal) -> Iterator[str]:
    """Each file that was read, and those that were not."""
    for each in result.read:
        yield f"{result.task_id}: read {each.path} ({each.sha256[:12]})"
    if not result.read:
        yield f"{result.task_id} names no file that could be read"
    if result.unread:
        yield f"  not read yet: {', '.join(result.unread)}"
