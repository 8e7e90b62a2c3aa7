"""`vtm graph risk-path` as text."""

from collections.abc import Iterator

from vtm.queries.graph_chain import RiskPath
from vtm.rendering.render import Terminal
from vtm.rendering.text.graph_table import NOTHING, columns, ending, part
from vtm.rendering.text.wording import counted


def lines(result: RiskPath, _: Terminal) -> Iterator[str]:
    """One line for each task of the chain, the first to do first."""
    if not result.total and not result.left_out:
        yield NOTHING
        return
    yield from columns(
        [
            (each.task_id, each.status, each.risk, each.impact, f"{each.exposure:.2f}", each.title)
            for each in result.tasks
        ]
    )
    shown = part(result.returned, result.truncated)
    summary = f"{shown}{counted(result.total, 'task')}, total risk {result.exposure:.2f}"
    yield from ending(summary, result.left_out, result.findings)
