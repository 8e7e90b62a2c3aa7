"""`vtm why` as text."""

from collections.abc import Iterator

from vtm.queries.why import Reason, Why
from vtm.rendering.render import Terminal
from vtm.rendering.text.findings import finding_lines
from vtm.rendering.text.pulse import root_text


def lines(result: Why, _: Terminal) -> Iterator[str]:
    """One sentence, then the tree down to the roots, then what else holds the task."""
    yield f"{result.summary}."
    for reason in result.tree:
        yield "  " * (reason.depth + 1) + _reason(reason)
    if result.roots:
        yield "Cannot happen as things are:"
        yield from (f"  {root_text(root)}" for root in result.roots)
    yield from finding_lines(result.findings)


def _reason(reason: Reason) -> str:
    text = f"{reason.task_id} ({'eligible' if reason.eligible else reason.status})"
    if reason.because == "provisional":
        text += ", which holds back what is provisional"
    if reason.note:
        text += f": {reason.note}"
    return f"{text} ... see above" if reason.repeated else text
