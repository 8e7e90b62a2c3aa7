"""`vtm graph critical` as text."""

from collections.abc import Iterator

from vtm.queries.graph_chain import CriticalPath
from vtm.rendering.render import Terminal
from vtm.rendering.text.graph_table import NOTHING, columns, ending, part
from vtm.rendering.text.wording import counted


def lines(result: CriticalPath, _: Terminal) -> Iterator[str]:
    """One line for each task of the chain, the first to do first."""
    if not result.total and not result.left_out:
        yield NOTHING
        return
    yield from columns(
        [(each.task_id, each.status, f"{each.minutes:>4} min", each.title) for each in result.tasks]
    )
    shown = part(result.returned, result.truncated)
    summary = f"{shown}{counted(result.total, 'task')}, {result.minutes} min, longest by {result.by}"
    yield from ending(summary, result.left_out, result.findings)
