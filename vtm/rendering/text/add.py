"""`vtm add` as text."""

from collections.abc import Iterator

from vtm.queries.added import Added
from vtm.rendering.render import Terminal
from vtm.rendering.text.findings import finding_lines


def lines(result: Added, _: Terminal) -> Iterator[str]:
    """What is wrong with the new task, and where it is; before it is written, what it looks like."""
    if not result.applied:
        yield from (f"+ {line}" for line in result.text.splitlines())
    yield from finding_lines(result.findings)
    if not result.ok:
        yield "Refused: nothing was written."
    elif result.applied:
        yield f"Added {result.task_id} to {result.path}."
    else:
        yield f"Nothing was written; without --dry-run, it is added to {result.path}."
