"""What can be seen of sessions, and how they stand."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from vtm.app.app import App
from vtm.app.messages import messages_of
from vtm.app.sessions import ATTENDED, is_here, place_of, sessions_of
from vtm.model.liveness import Judged, Signs, judged
from vtm.model.message import Audience, Level
from vtm.model.session import Session
from vtm.model.settings import seconds
from vtm.queries.sessions import RUNS, Seen


def signs_of(app: App, session: Session) -> Signs:
    """What can be seen of a session from here.

    Raises:
        ExternalError: The system refuses to tell.
    """
    if not is_here(session):
        return Signs()
    from vtm.runners import keeping  # noqa: PLC0415  asyncio: 20 ms, and only where agents can be run
    from vtm.runners.lately import lately  # noqa: PLC0415  the same
    from vtm.runners.waiting import is_held  # noqa: PLC0415  the same

    place = place_of(app, session)
    alive = keeping.is_alive(place)
    ending = None if alive else keeping.ending(place)
    last = lately(place)
    return Signs(
        here=True,
        alive=alive,
        attended=is_held(place / ATTENDED),
        ended=ending is not None,
        exit_code=ending.exit_code if ending else None,
        heard_at=last.at,
        said=last.said,
    )


def standing(app: App, session: Session) -> Judged:
    """How a session stands now."""
    return _judged(app, session, signs_of(app, session))


def running(app: App, sessions: Sequence[Session]) -> list[Session]:
    """Those of `sessions` that are not over, as far as that can be seen."""
    return [each for each in sessions if standing(app, each).status in RUNS]


def all_seen(app: App) -> list[Seen]:
    """All sessions as they stand, in the order of their start.

    Raises:
        ExternalError: The database cannot be read.
    """
    messages = messages_of(app)
    unread = messages.unread()
    blocking: dict[str, list[str]] = defaultdict(list)
    for note in messages.all(Audience.COORDINATOR):
        if note.level is Level.BLOCKING:
            blocking[note.session].append(note.text)
    found = []
    for each in sessions_of(app).all():
        signs = signs_of(app, each)
        how = _judged(app, each, signs)
        found.append(Seen(each, signs, how, unread.get(each.id, 0), blocking.get(each.id, ())))
    return found


def _judged(app: App, session: Session, signs: Signs) -> Judged:
    return judged(session, signs, app.now, timedelta(seconds=seconds(app.settings.lease_ttl)))
