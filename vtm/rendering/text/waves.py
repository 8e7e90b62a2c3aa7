"""`vtm waves` as text."""

from collections.abc import Iterator

from vtm.queries.waves import Waves
from vtm.rendering.render import Terminal
from vtm.rendering.text.graph_table import columns
from vtm.rendering.text.plan_parts import cells, ending, running_line
from vtm.rendering.text.wording import listed


def lines(result: Waves, _: Terminal) -> Iterator[str]:
    """The waves with what they wait for and their tasks."""
    yield from running_line(result.running)
    if result.waves:
        yield f"At most {result.size} in a wave"
    for each in result.waves:
        waits = listed(each.waits_for) or ("nothing" if each.wave == 1 else "nothing but the wave before")
        beside = f", beside {listed(each.beside)}" if each.beside else ""
        head = f"Wave {each.wave}, from minute {each.start}, {each.minutes} min"
        yield f"{head}, waits for {waits}{beside}"
        yield from columns([cells(task) for task in each.tasks])
    yield from ending(result, len(result.waves))
