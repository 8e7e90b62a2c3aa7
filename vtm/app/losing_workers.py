"""Finds the tasks in progress at which nobody works any more."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from vtm.app.app import App
from vtm.app.sessions import sessions_of
from vtm.engine.leases import latest_leases, live, moment_after
from vtm.model.backlog import Backlog
from vtm.model.event import Event
from vtm.model.lease import Lease
from vtm.model.session import Session, SessionStatus
from vtm.model.settings import seconds
from vtm.model.task import Task, Timestamp
from vtm.queries.batch_waves import Workers
from vtm.stores.files import Files
from vtm.stores.runtime import SqliteRuntime

_OVER = {SessionStatus.COMPLETED, SessionStatus.FAILED, SessionStatus.ABORTED}


def workers(app: App, backlog: Backlog, running: Iterable[Task]) -> Workers:
    """What is known of those who work at the tasks `running`, which are in progress.

    Where vtm started the agent, its process tells: a lease may go on when nobody is left to use it. Else it
    is the lease; where nobody took one, silence for as long as one lasts.

    Raises:
        UnreadableError: The journal cannot be read.
        ExternalError: The database cannot be used.
    """
    files = Files.of(app.project, app.settings.paths)
    runtime, journal = SqliteRuntime(files.runtime), files.read().journal
    ttl = timedelta(seconds=seconds(app.settings.lease_ttl))
    leases = latest_leases(runtime.leases(), journal.of, backlog, ttl)
    now = runtime.clock(app.now)
    sessions = {(each.task, each.epoch): each for each in sessions_of(app).all()}
    lost = {}
    for task in running:
        session = sessions.get((task.task_id, backlog.state_of(task).epoch))
        lease = leases.get(task.task_id)
        reason, lives = _seen(app, session) if session else ("", False)
        if not reason and not lives:
            reason = _over(lease, now) if lease else _silent(journal.of(task.task_id), ttl, now)
        if reason:
            lost[task.task_id] = reason
    return Workers(lost, live(leases, now))


def _seen(app: App, session: Session) -> tuple[str, bool]:
    """Why a session is known to be gone, and whether it is known to live; it may be neither."""
    from vtm.app.seeing_sessions import signs_of, standing  # noqa: PLC0415  processes: 5 ms, where there are any

    stands = standing(app, session)
    if stands.status in _OVER:
        because = f": {stands.reason}" if stands.reason else ""
        return f"its session {session.id} is {stands.status}{because}", False
    return "", stands.status is SessionStatus.ACTIVE or signs_of(app, session).alive


def _over(lease: Lease, now: Timestamp) -> str:
    return f"the lease of {lease.owner} is over" if lease.expires_at <= now else ""


def _silent(events: Sequence[Event], ttl: timedelta, now: Timestamp) -> str:
    """Why one thinks that nobody works who took no lease."""
    heard = max((each.at for each in events), default=None)
    if heard is not None and moment_after(heard, ttl) > now:
        return ""
    return "nobody took a lease, and nothing was heard for as long as one lasts"
