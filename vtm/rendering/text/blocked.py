"""`vtm blocked` as text."""

from collections.abc import Iterator, Sequence

from vtm.queries.blocked import BlockedTasks, HeldTask, Obstacle
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
        if task.status == "blocked":
            waits = [task.reason, *map(_obstacle, task.unmet)]
            more = f"  (holds up {task.holds_up})" if task.holds_up else ""
            yield f"  {task.task_id}: {'; '.join(waits)}{more}"
        else:
            plain = ", ".join(f"{each.task_id} is {each.status}" for each in task.unmet)
            counted = ", ".join(map(_obstacle, task.unmet))
            yield f"  {task.task_id}: {counted}{task.reason.removeprefix(plain)}"


def _obstacle(obstacle: Obstacle) -> str:
    """An unmet dependency, with how many it holds up where that is more than the task it is named for."""
    more = f" and holds up {obstacle.holds_up}" if obstacle.holds_up > 1 else ""
    return f"{obstacle.task_id} is {obstacle.status}{more}"
