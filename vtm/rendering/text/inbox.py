"""`vtm inbox` as text."""

from collections.abc import Iterator

from vtm.model.fence import fenced
from vtm.model.message import Level
from vtm.queries.inbox import Inbox, Received
from vtm.rendering.plain import Verbatim
from vtm.rendering.render import Terminal
from vtm.rendering.text.wording import counted, moment


def lines(result: Inbox, _: Terminal) -> Iterator[str]:
    """Each message under a line that says whose it is, in a fence that it cannot leave; then the count."""
    for each in result.messages:
        yield _head(each)
        yield from map(Verbatim.of, fenced(each.text, "message").split("\n"))
    part = f"{result.returned} of " if result.truncated else ""
    yield f"{part}{counted(result.total, 'message')}" if result.total else "no messages"


def _head(message: Received) -> str:
    about = message.session or message.task_id
    parts = [
        f"#{message.id}",
        moment(message.at),
        f"from {message.sender}" if message.sender else "",
        f"about {about}" if about else "",
        "BLOCKING" if message.level is Level.BLOCKING else "",
        "" if message.fresh else "(read)",
    ]
    return "  ".join(filter(None, parts))
