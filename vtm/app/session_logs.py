"""What sessions printed, as far as it is kept."""

from collections import deque
from collections.abc import Iterator
from itertools import islice

from vtm.app.app import App
from vtm.app.naming_sessions import session_named
from vtm.app.seeing_sessions import standing
from vtm.app.sessions import is_here, place_of
from vtm.errors import ConflictError
from vtm.model.session import Session
from vtm.queries.session_log import SessionLog


def log_of(app: App, name: str, tail: int | None = None) -> SessionLog:
    """What is kept of the output of the session that is called `name`; with `tail` only so many last lines.

    Raises:
        WrongUsageError: There is no such session.
        ConflictError: It ran on another machine, where its output is.
    """
    session = _here(session_named(app, name))
    from vtm.runners import logs  # noqa: PLC0415  asyncio: 20 ms, and only where agents can be run

    total, kept = 0, deque[str](maxlen=tail)
    for line in logs.output(place_of(app, session)):
        total += 1
        kept.append(line)
    status = standing(app, session).status
    return SessionLog(session.id, session.task, status, list(kept), total, len(kept), len(kept) < total)


def followed(app: App, name: str, tail: int | None = None) -> Iterator[str]:
    """The lines that are kept, with `tail` only so many last ones, and then what comes, until its end.

    Raises:
        WrongUsageError: There is no such session.
        ConflictError: It runs on another machine, where its output is.
    """
    session = _here(session_named(app, name))
    from vtm.runners import logs  # noqa: PLC0415  asyncio: 20 ms, and only where agents can be run

    place = place_of(app, session)
    before = 0 if tail is None else max(0, sum(1 for _ in logs.output(place)) - tail)
    return islice(logs.follow(place), before, None)


def _here(session: Session) -> Session:
    if not is_here(session):
        host = session.host or "another machine"
        raise ConflictError(
            f"{session.id} was started on {host}, and its output is kept there",
            code="OTHER-HOST",
            fix=f"run `vtm logs {session.id}` there",
        )
    return session
