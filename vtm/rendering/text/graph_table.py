"""What the answers about a graph have in common as text."""

from collections.abc import Iterator, Sequence

from vtm.model.finding import Finding
from vtm.rendering.plain import one_line
from vtm.rendering.text.findings import finding_lines
from vtm.rendering.text.wording import counted, listed

NOTHING = "No tasks found."
_SHOWN = 10


def columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows below each other, each column as wide as its widest cell."""
    safe = [[one_line(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*safe, strict=True)]
    for row in safe:
        cells = [f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)]
        yield f"  {'  '.join(cells)}".rstrip()


def ending(summary: str, left_out: Sequence[str], findings: Sequence[Finding]) -> Iterator[str]:
    """What stands below the rows: their sum, which tasks are not among them, and what is wrong."""
    yield summary
    if left_out:
        yield f"{counted(len(left_out), 'task')} left out, on or behind a cycle: {listed(left_out)}"
    yield from finding_lines(findings[:_SHOWN])
    if len(findings) > _SHOWN:
        yield f"and {counted(len(findings) - _SHOWN, 'more finding')}; `vtm validate` lists them"


def part(returned: int, truncated: bool) -> str:
    """`3 of ` before a number of which not all are shown."""
    return f"{returned} of " if truncated else ""
