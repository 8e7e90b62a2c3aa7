"""`vtm graph generations` as text."""

from collections.abc import Iterator

from vtm.queries.graph_order import Generations
from vtm.rendering.render import Terminal
from vtm.rendering.text.graph_table import NOTHING, columns, ending, part
from vtm.rendering.text.wording import counted


def lines(result: Generations, _: Terminal) -> Iterator[str]:
    """Each generation with its tasks."""
    if not result.total and not result.left_out:
        yield NOTHING
        return
    for each in result.generations:
        yield f"Generation {each.generation}"
        yield from columns([(task.task_id, task.status, task.title) for task in each.tasks])
    shown = part(result.returned, result.truncated)
    summary = f"{shown}{counted(result.total, 'generation')}, {counted(result.tasks, 'task')}"
    yield from ending(summary, result.left_out, result.findings)
