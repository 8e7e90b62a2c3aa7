"""`vtm validate` as text."""

from collections.abc import Iterator

from vtm.queries.validation import Validation
from vtm.rendering.render import Terminal
from vtm.rendering.text.findings import finding_lines


def lines(result: Validation, terminal: Terminal) -> Iterator[str]:  # noqa: ARG001
    """Findings in the order of their places, then the count."""
    yield from finding_lines(result.findings)
    if result.truncated:
        yield f"... {result.total - result.returned} more findings"
    known = f", {result.baselined} known from the baseline" if result.baselined else ""
    yield f"{_count(result.errors, 'error')}, {_count(result.warnings, 'warning')}{known}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
