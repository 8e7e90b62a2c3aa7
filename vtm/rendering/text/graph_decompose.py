"""`vtm graph decompose` as text."""

from collections.abc import Iterator

from vtm.queries.graph_risk import Decomposition
from vtm.rendering.render import Terminal
from vtm.rendering.text.graph_table import columns, ending, part
from vtm.rendering.text.wording import counted


def lines(result: Decomposition, _: Terminal) -> Iterator[str]:
    """One line for each task that should be decomposed, with the reasons."""
    yield from columns(
        [(each.task_id, each.status, ", ".join(each.reasons), each.title) for each in result.tasks]
    )
    shown = part(result.returned, result.truncated)
    summary = (
        f"{shown}{counted(result.total, 'task')} to decompose" if result.total else "Nothing to decompose."
    )
    yield from ending(summary, (), result.findings)
