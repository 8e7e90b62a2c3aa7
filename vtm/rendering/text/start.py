"""A task that was taken up, as text."""

from collections.abc import Iterator

from vtm.queries.started import Started
from vtm.rendering.render import Terminal
from vtm.rendering.text.findings import finding_lines
from vtm.rendering.text.next import card_lines
from vtm.rendering.text.wording import moment


def lines(result: Started, _: Terminal) -> Iterator[str]:
    """The task, the lease, and what is to be known before one begins."""
    yield from card_lines(result)
    yield f"  tests first: {result.tdd}"
    if result.acs_remaining:
        yield f"  criteria left: {', '.join(result.acs_remaining)}"
    yield f"  {_taken(result)}{'; nothing was written' if result.dry_run else ''}"
    for each in result.skipped:
        yield f"  skipped {each.task_id}: {', '.join(each.codes)}"
    yield from finding_lines(result.findings)


def _taken(result: Started) -> str:
    what = f"taken over from {result.previous}" if result.previous else "started"
    by = f" by {result.agent}" if result.agent else ""
    until = f", lease until {moment(result.expires_at)}" if result.expires_at else ""
    return f"{what}{by}: epoch {result.epoch}{until}"
