"""`vtm graph cycles` as text."""

from collections.abc import Iterator

from vtm.queries.graph_order import CycleList
from vtm.rendering.render import Terminal
from vtm.rendering.text.graph_table import ending, part
from vtm.rendering.text.wording import counted


def lines(result: CycleList, _: Terminal) -> Iterator[str]:
    """Each cycle as a closed path."""
    for knot in result.cycles:
        more = len(knot.members) - len(knot.path) + 1
        rest = f" and {more} more in the same knot" if more else ""
        yield f"  {' -> '.join(knot.path)}{rest}"
    told = {name for knot in result.cycles for name in knot.members}
    behind = [] if result.truncated else [name for name in result.left_out if name not in told]
    summary = f"{part(result.returned, result.truncated)}{counted(result.total, 'cycle')}"
    if behind:
        summary += f"; {counted(len(behind), 'task')} behind"
    yield from ending(summary, result.left_out, ())
