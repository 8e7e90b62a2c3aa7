"""`vtm blocked` as text."""

from collections.abc import Iterator, Sequence

from vtm.queries.blocked import BlockedTasks, HeldTask
from vtm.rendering.render import Terminal


def lines(result: BlockedTasks, terminal: Terminal) -> Iterator[str]:  # noqa: ARG001
    """Three lists, each with its tasks and their reasons."""
    yield from _list("Blocked", result.blocked)
    yield from _list("Waiting", result.waiting)
    yield from _list("Stuck", result.stuck)


def _list(head: str, tasks: Sequence[HeldTask]) -> Iterator[str]:
    yield f"{head}: {len(tasks) or 'none'}"
    for task in tasks:
        more = f"  (holds up {task.holds_up})" if task.holds_up else ""
        yield f"  {task.task_id}: {task.reason}{more}"
