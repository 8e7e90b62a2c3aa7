"""Starts one session outside of a run, attended to by a process of its own."""

import asyncio
import signal
from typing import NamedTuple

from msgspec.structs import replace

from vtm.app.app import App
from vtm.app.running.agents import Agents
from vtm.app.running.detaching import Beginning, Say, detached, failed
from vtm.app.running.hands import AppHands
from vtm.app.running.preparing import refuse_without_git
from vtm.app.running.workflows import refuse_without_library, workflows_of
from vtm.app.sessions import sessions_of
from vtm.engine.running.attending import Attending
from vtm.engine.running.handed import Assigned
from vtm.engine.running.heartbeat import keep_alive
from vtm.engine.running.order import Tally
from vtm.engine.running.solo import Solo
from vtm.engine.running.taking import Origin
from vtm.engine.running.telling import Teller
from vtm.errors import ConflictError, ExitCode
from vtm.model.finding import CONFLICTS
from vtm.model.naming import task_named
from vtm.model.session import Session
from vtm.model.settings import seconds
from vtm.model.status import Status
from vtm.model.task import Task
from vtm.queries.run_event import RunEvent, RunStep
from vtm.queries.spawned import Spawned


class Wanted(NamedTuple):
    """A session that is wanted.

    Attributes:
        who: Who is to do it; empty: as the settings say.
        parent: Id of the session that asks for it; empty: none does.
        wait: Whether to wait for its end.
    """

    task: str
    who: Assigned
    parent: str = ""
    wait: bool = False


def spawned(app: App, wanted: Wanted) -> Spawned:
    """Start a session, or name the one that is at work on the task already.

    Raises:
        WrongUsageError: There is no such task, runner or agent, or this is outside git.
        VtmError: A gate holds the task back, or it cannot be started.
    """
    task = task_named(app.backlog, wanted.task)
    refuse_without_git(app)
    Agents(app, wanted.who).assigned(task)
    refuse_without_library()
    known = _at_work(app, task)
    if known is not None:
        _refuse_unattended(app, known)
        return _answer(known, started=False)
    if wanted.wait:
        began: list[Beginning] = []
        driver = Driver(app, wanted, began.append)
        driver.drive(task)
        began[0].refuse()
        return driver.answer(task, began[0])
    told = detached(lambda say: Driver(app.again(), wanted, say).drive(task))
    told.refuse()
    session = sessions_of(app).named(told.session)
    if session is None:  # it is being opened by somebody else at this moment
        return Spawned(task_id=task.task_id, session=told.session, started=False)
    return _answer(session, started=told.started)


class Driver:
    """Attends to one session to its end.

    Args:
        say: Hears how it began, once.
    """

    def __init__(self, app: App, wanted: Wanted, say: Say) -> None:
        self._app, self._wanted, self._say = app, wanted, say
        self._agents = Agents(app, wanted.who)
        self._hands = AppHands(app, self._agents, "")
        self._teller = Teller(self._hands, self._heard)
        self._solo: Solo | None = None
        self._said = False

    def drive(self, task: Task) -> None:
        """Let an agent work at `task`, and take over what comes of it.

        Raises:
            VtmError: It cannot be begun.
        """
        workflows = workflows_of(self._app, Attending(self._hands, self._teller))
        origin = Origin(parent=self._wanted.parent)
        self._solo = Solo(self._hands, workflows, origin, self._teller)
        try:
            asyncio.run(self._go(self._solo, task))
        finally:
            workflows.close()

    def answer(self, task: Task, began: Beginning) -> Spawned:
        """What came of it."""
        tally = self._solo.tally if self._solo else Tally()
        session = sessions_of(self._app).of_task(task.task_id)[-1]
        return replace(
            _answer(session, started=began.started),
            waited=True,
            completed=self._hands.backlog().status(task.task_id) is Status.COMPLETED,
            blocked=list(tally.blocked.values()),
            waiting=list(tally.away.values()),
        )

    async def _go(self, solo: Solo, task: Task) -> None:
        loop = asyncio.get_running_loop()
        stops: set[asyncio.Task[None]] = set()
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(each, lambda: stops.add(loop.create_task(solo.stop())))
        ttl = seconds(self._hands.settings.lease_ttl)
        beat = asyncio.create_task(
            keep_alive(self._hands, lambda: list(solo.crew.sessions.values()), ttl, self._teller)
        )
        await solo.begin(task)
        beat.cancel()
        await asyncio.gather(beat, *stops, return_exceptions=True)
        if not self._said:
            self._tell_refusal(solo, task)

    def _tell_refusal(self, solo: Solo, task: Task) -> None:
        taken = solo.taken
        if taken is not None and taken.other:
            self._begin(Beginning(taken.other))
            return
        if solo.failure is not None:
            self._begin(failed(solo.failure))
            return
        why = solo.tally.given_up[task.task_id]
        code = why.codes[0] if why.codes else "NOT-STARTED"
        fix = (taken.fix if taken is not None else "") or f"`vtm why {task.task_id}` says more"
        held = any(each.startswith(CONFLICTS) for each in why.codes)
        exit_code = ExitCode.CONFLICT if held else ExitCode.NO
        self._begin(Beginning("", False, why.reason, code, fix, exit_code))

    def _heard(self, event: RunEvent) -> None:
        if event.event in _BEGUN:
            self._begin(Beginning(event.session, started=True))

    def _begin(self, beginning: Beginning) -> None:
        if not self._said:
            self._said = True
            self._say(beginning)


_BEGUN = {RunStep.LAUNCHED, RunStep.AGENT_ENDED, RunStep.BLOCKED, RunStep.ATTEMPT_FAILED, RunStep.RELEASED}
"""Steps after which a session is there to be seen, however it goes on."""


def _at_work(app: App, task: Task) -> Session | None:
    """The session that is at work on a task."""
    found = [each for each in sessions_of(app).of_task(task.task_id) if not each.settled]
    return found[-1] if found and app.backlog.status(task.task_id) is Status.IN_PROGRESS else None


def _refuse_unattended(app: App, session: Session) -> None:
    """Do not say that somebody is at it where whoever attended to it is gone.

    Raises:
        ConflictError: It is so.
        ExternalError: The system refuses.
    """
    hands = AppHands(app, Agents(app, Assigned("")), "")
    if session.host != hands.host or not hands.hold(session.id):
        return
    hands.let_go(session.id)
    raise ConflictError(
        f"{session.id} is the session of {session.task}, and whoever attended to it is gone",
        code="SESSION-UNATTENDED",
        fix=f"`vtm run` takes over what its agent does, `vtm abort {session.id}` gives the task back",
    )


def _answer(session: Session, *, started: bool) -> Spawned:
    return Spawned(
        task_id=session.task,
        session=session.id,
        started=started,
        pid=session.pid,
        runner=session.runner,
        agent=session.agent,
        worktree=session.worktree,
        branch=session.branch,
        parent=session.parent,
    )
