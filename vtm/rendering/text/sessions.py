"""`vtm sessions` as text."""

from collections.abc import Iterator

from vtm.queries.sessions import RUNS, SessionLine, SessionList
from vtm.rendering.plain import one_line
from vtm.rendering.render import Terminal
from vtm.rendering.text.wording import age, counted

_LONGEST = 100
_END = "\n"


def lines(result: SessionList, _: Terminal) -> Iterator[str]:
    """For each session a line, and below it what is worth knowing; then the count."""
    widest = max((len(one_line(each.id)) for each in result.sessions), default=0)
    for each in result.sessions:
        yield f"{one_line(each.id):<{widest}}  {each.status:<9}  {_who(each)}  {_times(each)}".rstrip()
        yield from (f"  {line}" for line in _more(each))
    part = f"{result.returned} of " if result.truncated else ""
    yield f"{part}{counted(result.total, 'session')}"


def _who(session: SessionLine) -> str:
    agent = f" ({session.agent})" if session.agent else ""
    return f"{session.runner}{agent}" + ("" if session.here else f" on {session.host or 'another machine'}")


def _times(session: SessionLine) -> str:
    if session.status not in RUNS:
        return f"took {age(session.age_seconds)}"
    return f"for {age(session.age_seconds)}, heard of {age(session.silent_seconds)} ago"


def _more(session: SessionLine) -> Iterator[str]:
    if session.reason:
        yield session.reason
    if session.unattended:
        yield "nobody waits for its end: `vtm run --resume` takes over what comes of it"
    for text in session.blocking:
        yield f"cannot go on: {text.partition(_END)[0]}"
    if session.unread:
        yield f"{counted(session.unread, 'unread message')}"
    if session.parent:
        yield f"started by {session.parent}"
    if session.status in RUNS and session.branch:
        yield f"on {session.branch}" + (f" in {session.worktree}" if session.worktree else "")
    if session.said:
        cut = session.said[: _LONGEST - 1] + "…" if len(session.said) > _LONGEST else session.said
        yield f"said: {cut}"
