"""`vtm fmt` as text."""

from collections.abc import Iterator

from vtm.model.finding import Location
from vtm.queries.formatted import Formatted
from vtm.rendering.render import Terminal
from vtm.rendering.text.findings import place
from vtm.rendering.text.wording import counted


def lines(result: Formatted, _: Terminal) -> Iterator[str]:
    """The files that change, those that cannot, and how many there are."""
    yield from result.changed
    for each in result.problems:
        yield f"{place(Location(each.path, each.line, each.column))}: error: {each.message}"
        yield f"    fix: {each.fix}"
    done = "would change" if result.check else "changed"
    summary = f"{len(result.changed)} of {counted(result.total, 'file')} {done}"
    left = f"; {counted(len(result.problems), 'file')} cannot be put in order" if result.problems else ""
    yield f"{summary}{left}."
