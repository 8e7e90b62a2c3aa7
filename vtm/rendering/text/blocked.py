"""`vtm blocked` as text."""

from collections.abc import Iterator, Sequence

from vtm.queries.blocked import BlockedTasks, HeldTask
from vtm.rendering.render import Terminal
from vtm.rendering.text.pulse import root_text
from vtm.rendering.text.wording import listed


def lines(result: BlockedTasks, _: Terminal) -> Iterator[str]:
    """Three lists, each with its tasks and their reasons; then what they go back to."""
    yield from _list("Blocked", result.blocked)
    yield from _list("Waiting", result.waiting)
    yield from _list("Stuck", result.stuck)
    if result.truncated:
        yield f"... {result.total - result.returned} more tasks"
    if result.roots:
        yield f"What is stuck goes back to: {listed([root_text(each) for each in result.roots])}"
    if result.holders:
        yield f"What is provisional waits for: {listed(result.holders)}"


def _list(head: str, tasks: Sequence[HeldTask]) -> Iterator[str]:
    yield f"{head}: {len(tasks) or 'none'}"
    for task in tasks:
        waits = ", ".join(f"{each.task_id} is {each.status}" for each in task.unmet)
        also = f"; {waits}" if waits and task.status == "blocked" else ""
        more = f"  (holds up {task.holds_up})" if task.holds_up else ""
        yield f"  {task.task_id}: {task.reason}{also}{more}"
