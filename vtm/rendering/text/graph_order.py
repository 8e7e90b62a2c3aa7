"""`vtm graph order` as text."""

from collections.abc import Iterator

from vtm.queries.graph_order import TaskOrder
from vtm.rendering.render import Terminal
from vtm.rendering.text.graph_table import NOTHING, columns, ending, part
from vtm.rendering.text.wording import counted


def lines(result: TaskOrder, _: Terminal) -> Iterator[str]:
    """One numbered line for each task."""
    if not result.total and not result.left_out:
        yield NOTHING
        return
    yield from columns(
        [(f"{at:>4}", each.task_id, each.status, each.title) for at, each in enumerate(result.tasks, 1)]
    )
    summary = f"{part(result.returned, result.truncated)}{counted(result.total, 'task')} in order"
    yield from ending(summary, result.left_out, result.findings)
