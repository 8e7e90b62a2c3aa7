"""`vtm graph risk` as text."""

from collections.abc import Iterator

from vtm.queries.graph_risk import RiskDistribution
from vtm.rendering.render import Terminal
from vtm.rendering.text.graph_table import NOTHING, columns, ending
from vtm.rendering.text.wording import counted, listed


def lines(result: RiskDistribution, _: Terminal) -> Iterator[str]:
    """One line for each risk, with the tasks that have it."""
    if not result.tasks:
        yield NOTHING
        return
    yield from columns(
        [
            (each.risk, f"{each.count:>5}", f"{each.share:>6.1%}", listed(each.task_ids))
            for each in result.risks
        ]
    )
    yield from ending(counted(result.tasks, "task"), (), result.findings)
