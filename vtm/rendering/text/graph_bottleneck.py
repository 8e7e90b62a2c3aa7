"""`vtm graph bottleneck` as text."""

from collections.abc import Iterator

from vtm.queries.graph_bottleneck import Bottlenecks
from vtm.rendering.render import Terminal
from vtm.rendering.text.graph_table import NOTHING, columns, ending, part
from vtm.rendering.text.wording import counted


def lines(result: Bottlenecks, _: Terminal) -> Iterator[str]:
    """One line for each task, with the share of ways that lead over it."""
    if not result.total and not result.left_out:
        yield NOTHING
        return
    yield from columns(
        [(f"{each.score:.4f}", each.task_id, each.status, each.title) for each in result.tasks]
    )
    summary = f"{part(result.returned, result.truncated)}{counted(result.total, 'task')} by betweenness"
    yield from ending(summary, result.left_out, result.findings)
