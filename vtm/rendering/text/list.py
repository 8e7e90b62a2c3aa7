"""`vtm list` as text."""

from collections.abc import Iterator

from vtm.queries.listing import TaskList
from vtm.rendering.render import Terminal


def lines(result: TaskList, terminal: Terminal) -> Iterator[str]:  # noqa: ARG001
    """One line for each task, then the count."""
    widest = max((len(task.task_id) for task in result.tasks), default=0)
    for task in result.tasks:
        columns = f"{task.task_id:<{widest}}  {task.status:<11}  {task.risk:<6}  {task.size}"
        yield f"{columns}  {task.title}".rstrip()
    more = f" of {result.total}" if result.truncated else ""
    yield f"{result.returned}{more} {'task' if result.total == 1 else 'tasks'}"
