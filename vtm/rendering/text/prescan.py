"""`vtm prescan` as text."""

from collections.abc import Iterator

from vtm.queries.prescan import Prescanned
from vtm.rendering.render import Terminal
from vtm.rendering.text.wording import counted


def lines(result: Prescanned, _: Terminal) -> Iterator[str]:
    """Each obstacle with its place, what was not looked at, and how many there are."""
    for each in result.obstacles:
        instead = "" if each.substitute is None else f": use {each.substitute}"
        yield f"{each.path}:{each.line}:{each.column}: {each.pattern} {each.found}{instead}"
    for left in result.not_scanned:
        yield f"{left.path} {left.reason}"
    more = f", {result.returned} shown" if result.truncated else ""
    yield f"{counted(result.total, 'obstacle')} in {counted(len(result.documents), 'document')}{more}"
