"""`vtm validate` as text."""

from collections.abc import Iterator

from vtm.queries.validation import Validation
from vtm.rendering.render import Terminal
from vtm.rendering.text.findings import finding_lines
from vtm.rendering.text.wording import counted


def lines(result: Validation, _: Terminal) -> Iterator[str]:
    """Findings in the order of their places, then the count."""
    yield from finding_lines(result.findings)
    if result.truncated:
        yield f"... {result.total - result.returned} more findings"
    known = f", {result.baselined} known from the baseline" if result.baselined else ""
    yield f"{counted(result.errors, 'error')}, {counted(result.warnings, 'warning')}{known}"
