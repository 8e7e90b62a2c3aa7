"""`vtm list` as text."""

from collections.abc import Iterator

from vtm.queries.listing import TaskList
from vtm.rendering.plain import one_line
from vtm.rendering.render import Terminal
from vtm.rendering.text.wording import counted


def lines(result: TaskList, _: Terminal) -> Iterator[str]:
    """One line for each task, then the count."""
    names = [one_line(task.task_id) for task in result.tasks]
    widest = max(map(len, names), default=0)
    for name, task in zip(names, result.tasks, strict=True):
        columns = f"{name:<{widest}}  {task.status:<11}  {task.risk:<6}  {task.size}"
        yield f"{columns}  {task.title}".rstrip()
    part = f"{result.returned} of " if result.truncated else ""
    yield f"{part}{counted(result.total, 'task')}"
