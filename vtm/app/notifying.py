"""What a worker tells the coordinator: how it is getting on, or that it cannot go on."""

from typing import Any, NamedTuple

from msgspec.structs import replace

from vtm.app.app import App
from vtm.app.blocking import blocked
from vtm.app.messages import fitting, messages_of
from vtm.app.messaging import session_of_caller
from vtm.app.partial_work import kept
from vtm.app.recording import recorder
from vtm.app.sessions import sessions_of
from vtm.app.task_branches import task_of_branch
from vtm.engine.recorder import Recorder
from vtm.errors import WrongUsageError
from vtm.model.event import Details
from vtm.model.facts import Caller
from vtm.model.message import Audience, Draft, Level
from vtm.model.naming import task_named
from vtm.model.session import Session
from vtm.model.status import Status
from vtm.model.task import Task
from vtm.queries.notified import Notified


class Obstacle(NamedTuple):
    """Why a worker cannot go on: what was wanted, what went wrong, what was tried, what might help."""

    wanted: str
    wrong: str
    tried: str
    suggestion: str


class Worker(NamedTuple):
    """Who tells something: its task, its session if that is known, and under which lease."""

    task: Task
    session: Session | None
    caller: Caller


def worker(app: App, task: str, caller: Caller) -> Worker:
    """Who tells something: by its session, by the task that it names, or by the branch that is checked out.

    Raises:
        WrongUsageError: It is not known which task it is about.
    """
    session = session_of_caller(app, caller.session)
    if session is not None and task not in {"", session.task}:
        session = None
    name = task or (session.task if session else "") or _task_here(app)
    if not name:
        raise WrongUsageError(
            "it is not known which task this is about",
            code="NO-TASK",
            fix="name it with --task, or run this in the worktree of the task",
        )
    if session is not None and session.id == caller.session and caller.epoch is None:
        caller = replace(caller, epoch=session.epoch)
    return Worker(task_named(app.backlog, name), session, caller)


def informed(app: App, who: Worker, text: str) -> Notified:
    """Tell the coordinator `text`; the lease is renewed, as by everything that the holder does.

    Raises:
        ConflictError: The lease is over.
    """
    state, until = app.backlog.state_of(who.task), None
    if who.caller.epoch is not None:
        engine = recorder(app)
        until = engine.heartbeat(who.task.task_id, state, who.caller.epoch, engine.ttl).expires_at
    told = _tell(app, who, fitting(text), Level.INFO)
    return _answer(who, told, Level.INFO, state.status, expires_at=until)


def given_up(
    app: App, engine: Recorder, who: Worker, why: Obstacle, *, create_resolver: bool = False
) -> Notified:
    """Leave the task safely: commit what is there, block the task, end the lease, and tell the coordinator.

    Nothing is committed for a caller who may not block the task. What cannot be committed does not hold the
    rest up: where it is, is part of what is told.

    Raises:
        RefusedError: Somebody else holds the task.
        IllegalTransitionError: It is neither pending nor in progress.
    """
    for each in why:
        fitting(each)
    name = who.task.task_id
    details = Details(reason=why.wrong, tried=why.tried, suggestion=why.suggestion)
    blocked(app, recorder(app), name, who.caller, details, create_resolver=create_resolver, dry_run=True)
    work = kept(app, name, why.wrong, who.session.branch if who.session else "")
    details = replace(details, text=f"Wanted: {why.wanted}\nWork: {work.said}")
    done = blocked(app, engine, name, who.caller, details, create_resolver=create_resolver, dry_run=False)
    said = (why.wrong, details.text, f"Tried: {why.tried}", f"Suggested: {why.suggestion}")
    told = _tell(app, who, "\n".join(said), Level.BLOCKING)
    return _answer(
        who,
        told,
        Level.BLOCKING,
        done.to,
        branch=work.branch,
        commit=work.commit,
        work=work.said,
        resolver=done.resolver,
    )


def _task_here(app: App) -> str:
    """The task whose branch is checked out; empty: none's is."""
    if app.project.repository is None:
        return ""
    from vtm.git.head import branch_at  # noqa: PLC0415  only inside git

    task = task_of_branch(app, branch_at(app.project.work))
    return task.task_id if task else ""


def _tell(app: App, who: Worker, text: str, level: Level) -> int:
    """Put a message into the coordinator's inbox; its id."""
    session = who.session.id if who.session else who.caller.session
    sender = who.caller.agent or who.caller.user
    draft = Draft(Audience.COORDINATOR, text, app.instant, session, who.task.task_id, sender, level)
    if who.session:
        sessions_of(app).heard(who.session.id, app.instant)
    return messages_of(app).send(draft).id


def _answer(who: Worker, told: int, level: Level, status: Status, **more: Any) -> Notified:
    session = who.session.id if who.session else who.caller.session
    return Notified(id=told, level=level, task_id=who.task.task_id, session=session, status=status, **more)
