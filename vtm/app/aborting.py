"""Ends sessions: their processes, and their hold on their tasks."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from msgspec.structs import replace

from vtm.app.app import App
from vtm.app.naming_sessions import session_named
from vtm.app.recording import recorder
from vtm.app.seeing_sessions import standing
from vtm.app.sessions import is_here, place_of, sessions_of
from vtm.engine.request import Request
from vtm.errors import ConflictError, ExternalError, VtmError
from vtm.model.event import Details, Kind
from vtm.model.facts import Caller
from vtm.model.liveness import GONE
from vtm.model.session import Session, SessionStatus
from vtm.model.session_tree import started_by
from vtm.model.settings import seconds
from vtm.model.status import Status
from vtm.queries.aborted import Aborted, AbortedSession, Outcome, aborted_sessions

_LONGEST_GRACE = 3.0
"""Seconds that a process may take to end by itself: whatever is set, all of it is gone after five."""


def aborted(app: App, name: str, *, tree: bool = False, who: str = "vtm") -> Aborted:
    """End the session that is called `name`; with `tree` also those that it started, and these, and so on.

    First it is recorded that `who` aborted them, so that whoever drives them takes their end for nothing
    else; then their processes end, all at once; then their tasks are given back, where they still hold them.

    Raises:
        WrongUsageError: There is no such session.
        ConflictError: It runs on another machine.
        ExternalError: The system refuses.
    """
    first = session_named(app, name)
    if not tree:
        _refuse_elsewhere(first)
    done: dict[str, AbortedSession] = {}
    wanted = [first]
    while wanted:  # what is being ended may have started another one meanwhile
        done |= {each.session: each for each in _end(app, wanted, who)}
        known = started_by(first, sessions_of(app).all()) if tree else []
        wanted = [each for each in known if each.id not in done]
    return aborted_sessions(list(done.values()))


def _refuse_elsewhere(session: Session) -> None:
    if session.status is SessionStatus.ACTIVE and not is_here(session):
        raise ConflictError(
            f"{session.id} runs on {session.host or 'another machine'}, and cannot be ended from here",
            code="OTHER-HOST",
            fix=f"run `vtm abort {session.id}` there, or wait until the lease of {session.task} is over and "
            f"take it over with `vtm start`",
        )


def _end(app: App, sessions: Sequence[Session], who: str) -> list[AbortedSession]:
    """End `sessions` at once."""
    found = [_marked(app, each, who) for each in sessions]
    pairs = list(zip(sessions, found, strict=True))
    trouble = _end_processes(app, [each for each, what in pairs if what.outcome is not Outcome.LEFT])
    return [_concluded(app, session, what, trouble.get(session.id, ""), who) for session, what in pairs]


def _marked(app: App, session: Session, who: str) -> AbortedSession:
    """Record that a session is aborted, unless it is over: what is over stays as it ended."""
    if session.status is SessionStatus.ACTIVE and not is_here(session):
        return _answer(session, Outcome.LEFT, f"it runs on {session.host or 'another machine'}")
    seen = standing(app, session)
    status, reason = SessionStatus.ABORTED, f"ended by {who}"
    if seen.reason == GONE:
        status, reason = SessionStatus.FAILED, GONE
    elif seen.status not in {SessionStatus.ACTIVE, SessionStatus.STALE}:
        return _answer(session, Outcome.OVER, f"it is {seen.status}: {seen.reason or 'it was over already'}")
    if sessions_of(app).ended(session.id, status, app.instant, exit_code=None, reason=reason):
        return _answer(session, Outcome.ENDED, "" if status is SessionStatus.ABORTED else reason)
    return _answer(session, Outcome.OVER, "it ended by itself at the same moment")


def _end_processes(app: App, sessions: Sequence[Session]) -> Mapping[str, str]:
    """End what lives of `sessions`, also of one that is recorded as over: nothing of it is to stay.

    Where that fails, it is told why, by the id of the session.
    """
    if not sessions:
        return {}
    from vtm.runners import keeping  # noqa: PLC0415  asyncio: 20 ms, and only where agents can be run

    grace = min(_LONGEST_GRACE, seconds(app.settings.run.grace))

    def end(session: Session) -> str:
        try:
            keeping.end(place_of(app, session), grace)
        except ExternalError as error:
            return f"{error.message}; {error.fix}"
        return ""

    with ThreadPoolExecutor(len(sessions)) as pool:
        return dict(zip((each.id for each in sessions), pool.map(end, sessions), strict=True))


def _concluded(app: App, session: Session, found: AbortedSession, trouble: str, who: str) -> AbortedSession:
    """What came of it; a task is given back when nobody works at it any more."""
    if trouble:
        return replace(found, outcome=Outcome.LEFT, reason=trouble)
    return _given_back(app, session, found, who) if found.outcome is Outcome.ENDED else found


def _given_back(app: App, session: Session, ended: AbortedSession, who: str) -> AbortedSession:
    """Give the task of a session back, unless it is no longer in progress under its epoch."""
    caller = Caller(agent=who, session=session.id, epoch=session.epoch)
    details = Details(reason=f"session {session.id} was aborted by {who}")
    engine = recorder(app)
    try:
        with engine.desk() as desk:
            state = desk.backlog.state_of(desk.task(session.task))
            if state.status is not Status.IN_PROGRESS or state.epoch != session.epoch:
                return ended
            desk.record(Request(session.task, Kind.RELEASE, caller, lambda *_: details))
    except VtmError as error:  # the session is ended all the same
        return replace(ended, reason=f"{session.task} was not given back: {error.message}")
    return replace(ended, released=True)


def _answer(session: Session, outcome: Outcome, reason: str) -> AbortedSession:
    return AbortedSession(session.id, session.task, outcome, released=False, reason=reason)
