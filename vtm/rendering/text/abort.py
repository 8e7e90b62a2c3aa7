"""`vtm abort` as text."""

from collections.abc import Iterator

from vtm.queries.aborted import Aborted, AbortedSession, Outcome
from vtm.rendering.render import Terminal
from vtm.rendering.text.wording import counted

_SAID = {Outcome.ENDED: "ended", Outcome.OVER: "was over", Outcome.LEFT: "goes on"}


def lines(result: Aborted, _: Terminal) -> Iterator[str]:
    """A line for each session, then how many were ended."""
    yield from map(_line, result.sessions)
    left = f", {result.left} left" if result.left else ""
    yield f"{counted(result.ended, 'session')} ended{left}"


def _line(session: AbortedSession) -> str:
    what = f"{session.session}: {_SAID[session.outcome]}"
    what += f" ({session.reason})" if session.reason else ""
    return what + (f"; {session.task_id} is pending again" if session.released else "")
