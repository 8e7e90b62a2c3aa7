"""`vtm pulse` as text: the lines, order and labels that users of VTM know."""

from collections.abc import Iterator

from vtm.graph.roots import Cause, Root
from vtm.queries.pulse import Aged, Pulse
from vtm.rendering.render import Terminal
from vtm.rendering.text.wording import age


def lines(result: Pulse, _: Terminal) -> Iterator[str]:
    """Eleven lines: a head and ten points."""
    yield f"### Implementation Pulse ({result.at.strftime('%Y-%m-%dT%H:%M:%SZ')})"
    yield f"- Phase: {result.phase or 'none'}"
    yield f"- Slice: {result.slice or 'none'}"
    yield "- Tasks: " + " | ".join(f"{status} {count}" for status, count in result.tasks.items())
    done = result.progress
    yield f"- Progress: {done.percent:.1f}% ({done.completed}/{done.total} tasks)"
    yield f"- High Risk: {result.high_risk.completed} completed, {result.high_risk.remaining} remaining"
    yield f"- Latest Completed: {_aged(result.latest_completed, 'completed')}"
    running = [
        f"{each.task_id} ({each.acs_completed} ACs completed, {each.acs_remaining} remaining)"
        for each in result.in_progress
    ]
    yield f"- In Progress: {', '.join(running) or 'none'}"
    more = [f"+{result.more_eligible}"] if result.more_eligible else []
    yield f"- Next Eligible: {', '.join([*result.next_eligible, *more]) or 'none'}"
    yield f"- Blockers: {', '.join(map(root_text, result.blockers)) or 'none'}"
    yield f"- Oldest In-Progress: {_aged(result.oldest_in_progress, 'started')}"


def root_text(root: Root) -> str:
    """One root in a few words."""
    if root.cause is Cause.CYCLE:
        return f"{' -> '.join(root.tasks)} (cycle)"
    return root.tasks[0] if root.cause is Cause.BLOCKED else f"{root.tasks[0]} ({root.cause})"


def _aged(found: Aged | None, verb: str) -> str:
    if found is None:
        return "none"
    return (
        f"{found.task_id} ({verb} {age(found.seconds)} ago)" if found.seconds is not None else found.task_id
    )
