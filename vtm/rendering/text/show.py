"""`vtm show` as text."""

from collections.abc import Iterator

from vtm.queries.shown import ShownTask
from vtm.rendering.render import Terminal
from vtm.rendering.text.findings import finding_lines
from vtm.rendering.text.next import card_lines


def lines(result: ShownTask, terminal: Terminal) -> Iterator[str]:  # noqa: ARG001
    """The task, its state, what it waits for and its findings."""
    yield from card_lines(result)
    yield f"  tests first: {result.tdd}"
    state = result.state
    for name, moment in (("started", state.started_at), ("completed", state.completed_at)):
        if moment:
            yield f"  {name}: {moment.isoformat()}"
    if result.acs_remaining:
        yield f"  criteria left: {', '.join(result.acs_remaining)}"
    if state.blocked_reason:
        yield f"  blocked because: {state.blocked_reason}"
    if state.notes:
        yield f"  notes: {state.notes}"
    if result.unmet:
        yield "  waits for: " + ", ".join(f"{each.task_id} ({each.status})" for each in result.unmet)
    if result.dependents:
        yield f"  needed by: {', '.join(result.dependents)}"
    yield f"  eligible: {'yes' if result.eligible else 'no'}{', stuck' if result.stuck else ''}"
    yield from finding_lines(result.findings)
