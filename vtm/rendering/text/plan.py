"""`vtm plan` as text."""

from collections.abc import Iterator

from vtm.queries.plan import Plan
from vtm.queries.planning import Mode
from vtm.rendering.render import Terminal
from vtm.rendering.text.graph_table import columns
from vtm.rendering.text.plan_parts import cells, ending, running_line


def lines(result: Plan, _: Terminal) -> Iterator[str]:
    """The groups with their tasks; one line for each task where they come one after another."""
    yield from running_line(result.running)
    if result.groups:
        side_by_side = f"Side by side, at most {result.max} at once"
        yield "One after another, by starting minute" if result.mode is Mode.SEQUENTIAL else side_by_side
    if result.mode is Mode.SEQUENTIAL:
        yield from columns(
            [(f"{each.start:>4}", *cells(task)) for each in result.groups for task in each.tasks]
        )
    else:
        for each in result.groups:
            head = f"Group {each.group}, {each.type}, from minute {each.start}, {each.minutes} min"
            yield f"{head}: {each.reason}"
            yield from columns([cells(task) for task in each.tasks])
    yield from ending(result, len(result.groups))
