"""`vtm report` as text."""

from collections.abc import Iterator, Sequence

from vtm.model.finding import Finding
from vtm.queries.report import Report
from vtm.rendering.render import Terminal
from vtm.rendering.text import pulse
from vtm.rendering.text.wording import counted

_MARKS = {True: "[x]", False: "[ ]", None: "[?]"}


def lines(result: Report, terminal: Terminal) -> Iterator[str]:
    """Pulse, advice, hotspots, escalations, self-check."""
    yield from pulse.lines(result.pulse, terminal)
    yield ""
    yield "## Go on with"
    yield from (f"- {name}" for name in result.advance or ["nothing can go on now"])
    yield ""
    yield "## Work in progress and risk"
    wip = result.wip
    limit = f"of {wip.limit}" if wip.limit else "and no limit"
    yield f"- In progress: {len(wip.running)} {limit}{', too many' if wip.exceeded else ''}"
    yield f"- In progress for too long: {', '.join(wip.stale) or 'none'}"
    for spot in result.risk_hotspots:
        moving = f"{spot.in_progress} in progress, {spot.blocked} blocked"
        left = counted(spot.high_remaining, "High task remains", "High tasks remain")
        yield f"- {spot.slice or '(no slice)'}: {left}, {moving}"
    if result.more_hotspots:
        yield f"- ... {counted(result.more_hotspots, 'more slice')} with High tasks"
    yield ""
    yield "## To escalate"
    kinds = result.escalations
    yield from _kind("Repeated blockers", kinds.repeated_blockers)
    yield from _kind("Tests owed", kinds.test_obligations)
    yield from _kind("Deferrable work promoted", kinds.deferrable_promoted)
    yield ""
    yield "## Self-check"
    for check in result.self_check:
        yield f"- {_MARKS[check.ok]} {check.item}: {check.detail}"
    yield ""
    found = f"{counted(result.errors, 'error')}, {counted(result.warnings, 'warning')}"
    yield f"{found}; `vtm validate` lists them" if result.errors or result.warnings else found


def _kind(head: str, findings: Sequence[Finding]) -> Iterator[str]:
    yield f"- {head}: {len(findings) or 'none'}"
    yield from (f"  - {each.code}: {each.message}" for each in findings)
