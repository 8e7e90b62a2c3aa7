"""`vtm edit` as text."""

from collections.abc import Iterator

from vtm.queries.edited import Edited
from vtm.rendering.render import Terminal
from vtm.rendering.text.findings import finding_lines


def lines(result: Edited, _: Terminal) -> Iterator[str]:
    """What is wrong with the new text, and what became of it."""
    yield from finding_lines(result.findings)
    if result.changed:
        yield f"{result.task_id} is changed in {result.path}."
    elif result.ok:
        yield f"{result.task_id} is as it was."
    else:
        because = f": {result.reason}" if result.reason else ""
        yield f"Refused{because}; {result.task_id} is as it was."
    if result.kept:
        yield f"Your text is in {result.kept}."
        yield f"`vtm edit {result.task_id} --from {result.kept}` goes on with it."
