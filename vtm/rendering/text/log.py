"""What has happened, as text."""

from collections.abc import Iterator

from vtm.model.event import Event, Kind
from vtm.queries.history import Log
from vtm.rendering.render import Terminal
from vtm.rendering.text.wording import counted, moment


def lines(result: Log, _: Terminal) -> Iterator[str]:
    """A line for each event."""
    if result.truncated:
        yield f"{counted(result.total - result.returned, 'event')} before these"
    for each in result.events:
        yield "  ".join(filter(None, (moment(each.at), each.task, _what(each))))
    if not result.events:
        yield (
            "nothing has happened yet" if not result.task_id else f"nothing has happened to {result.task_id}"
        )
    if result.unreadable:
        yield f"lines that are no events: {', '.join(map(str, result.unreadable))}"


def _what(event: Event) -> str:
    details = event.evidence
    said = [
        _commit(event),
        f"from {details.previous}" if details.previous else "",
        ", ".join(details.criteria),
        details.dependency,
        details.text,
        f"({details.reason})" if details.reason else "",
        f"overriding {', '.join(details.allowed)}" if details.allowed else "",
    ]
    by = f"by {event.actor}" if event.actor else ""
    way = f"{event.from_} -> {event.to}" if event.from_ != event.to else ""
    return "  ".join(filter(None, [event.event, way, by, *said]))


def _commit(event: Event) -> str:
    """The commit that brought the work to main."""
    result = event.evidence.result
    return f"with {(result.commit or '')[:12]}" if event.event is Kind.MERGE and result else ""
