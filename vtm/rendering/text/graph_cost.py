"""`vtm graph cost` as text."""

from collections.abc import Iterator

from vtm.queries.graph_cost import CostEstimate
from vtm.rendering.render import Terminal
from vtm.rendering.text.graph_table import NOTHING, columns, ending, part
from vtm.rendering.text.wording import counted


def lines(result: CostEstimate, _: Terminal) -> Iterator[str]:
    """One line for each task, with what its cost follows from."""
    if not (result.total or result.left_out or result.finished):
        yield NOTHING
        return
    yield from columns(
        [
            (
                f"{each.cost:>7.2f}",
                each.task_id,
                f"p {each.success:.3f}",
                each.risk,
                each.scope,
                each.impact,
                each.title,
            )
            for each in result.tasks
        ]
    )
    shown = part(result.returned, result.truncated)
    counts = f"{shown}{counted(result.total, 'task')}"
    if result.finished:
        counts += f" ({result.finished} completed or abandoned not counted)"
    summary = f"{counts}: cost {result.cost:.2f}, {result.mean:.2f} each, {result.tokens} tokens"
    yield from ending(summary, result.left_out, result.findings)
