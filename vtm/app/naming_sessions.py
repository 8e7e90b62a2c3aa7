"""Finds the session that somebody means."""

from collections.abc import Sequence

from vtm.app.app import App
from vtm.app.seeing_sessions import running
from vtm.app.sessions import sessions_of
from vtm.errors import WrongUsageError
from vtm.model.naming import nearest
from vtm.model.session import Session

_SHOWN = 10


def session_named(app: App, name: str) -> Session:
    """The session with this id, or the latest one of the task with this id.

    Raises:
        WrongUsageError: There is none.
    """
    known = sessions_of(app).all()
    found = [each for each in known if each.id == name] or [each for each in known if each.task == name]
    if found:
        return max(found, key=lambda each: each.attempt)
    near = nearest(name, list(dict.fromkeys(one for each in known for one in (each.id, each.task))))
    hint = f"did you mean {' or '.join(near)}? " if near else ""
    raise WrongUsageError(
        f"there is no session {name}", code="UNKNOWN-SESSION", fix=f"{hint}{those_running(app, known)}"
    )


def running_session(app: App, name: str) -> Session:
    """The session that is called so, which runs.

    Raises:
        WrongUsageError: There is none, or it is over.
    """
    session = session_named(app, name)
    if not running(app, [session]):
        raise WrongUsageError(
            f"{session.id} is over",
            code="SESSION-OVER",
            fix=those_running(app, sessions_of(app).all()),
        )
    return session


def those_running(app: App, sessions: Sequence[Session]) -> str:
    """The sentence that names which of `sessions` run."""
    names = [each.id for each in running(app, sessions)]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"active: {', '.join(names[:_SHOWN])}{more}" if names else "no session is active"
