"""The sessions that a run attends to, and what follows from how each of them ends."""

import asyncio
from abc import abstractmethod
from collections.abc import Coroutine, Sequence
from typing import Protocol

from vtm.engine.running.attending import UNSETTLED
from vtm.engine.running.choosing import groups
from vtm.engine.running.hands import Hands
from vtm.engine.running.opening import opened
from vtm.engine.running.order import Tally
from vtm.engine.running.settling import Outcome, settle
from vtm.engine.running.taking import give_back, why_blocked
from vtm.engine.running.telling import Teller
from vtm.errors import VtmError
from vtm.model.session import Session, SessionStatus
from vtm.model.status import Status
from vtm.model.task import Task
from vtm.ports.workflows import CancelledSessionError, Workflows
from vtm.queries.filters import Filters
from vtm.queries.run_event import RunStep

STOPPED = "the run was stopped"
_EARLY = {
    Outcome.RELEASED: "its task was given back, and is pending",
    Outcome.LEFT: "somebody ended it, or has taken its task over",
}


class Conductor(Protocol):
    """Who decides how things go on.

    Attributes:
        tally: What has come of it so far.
        draining: Whether nothing is started any more; `stopping`: whether agents are ended, too.
    """

    tally: Tally
    draining: bool
    stopping: bool

    @abstractmethod
    async def begin(self, task: Task) -> bool:
        """Take up a task and let an agent work at it; whether it could be."""

    @abstractmethod
    def bring_home(self, task: Task) -> None:
        """Let main have the work on a completed task, where that is asked for."""

    @abstractmethod
    def tidy(self) -> None:
        """Take away what is no longer needed."""

    @abstractmethod
    def failed(self, error: VtmError) -> None:
        """Something kept a session from being opened."""

    @abstractmethod
    def give_up(self, task: Task, reason: str, code: str = "") -> None:
        """Do not start a task again in this run."""


class Crew:
    """The sessions that are attended to.

    Attributes:
        sessions: By the id of their task.
        opening: Ids of tasks whose session is being opened.
    """

    def __init__(self, hands: Hands, workflows: Workflows, conductor: Conductor, teller: Teller) -> None:
        self.sessions: dict[str, Session] = {}
        self.opening: set[str] = set()
        self._hands, self._workflows, self._conductor, self._tell = hands, workflows, conductor, teller

    def opened(self, task: Task, session: Session, failures: Sequence[str]) -> Coroutine[None, None, None]:
        """Open a session, attend to it, and do what follows from how it ends."""
        self.sessions[task.task_id] = session  # from now on, and not only once that begins
        self.opening.add(task.task_id)
        return self._opened(task, session, failures)

    async def _opened(self, task: Task, session: Session, failures: Sequence[str]) -> None:
        try:
            session = await asyncio.to_thread(opened, self._hands, task, session, failures)
        except VtmError as error:
            del self.sessions[task.task_id]
            self._conductor.give_up(task, f"{error.message}; {error.fix}", error.code)
            self._conductor.failed(error)
            return
        finally:
            self.opening.discard(task.task_id)
        self._tell.of(session, RunStep.PREPARED, session.worktree)
        self._conductor.tidy()
        await self.attended(task, session)

    async def attended(self, task: Task, session: Session) -> None:
        """Attend to a session that is open, and do what follows from how it ends."""
        self.sessions[task.task_id] = session
        try:
            outcome = await self._driven(session)
            await self._follow_up(task, session, outcome)
        except VtmError as error:  # what fails for one task need not fail for the next
            self._conductor.give_up(task, f"{error.message}; {error.fix}", error.code)
        finally:
            if self.sessions.get(task.task_id) == session:
                del self.sessions[task.task_id]
            self._hands.let_go(session.id)

    async def _driven(self, session: Session) -> Outcome:
        if self._conductor.stopping:
            return await asyncio.to_thread(self._ended_early, session)
        try:
            word = await self._workflows.run(session.id)
        except CancelledSessionError:
            return await asyncio.to_thread(self._ended_early, session)
        except VtmError:
            if not await asyncio.to_thread(self._has_begun, session):
                raise
            word = UNSETTLED  # its progress is recorded no longer; what comes of it counts all the same
        if word != UNSETTLED:
            return Outcome(word)
        if await asyncio.to_thread(self._hands.is_alive, session.id):
            await self._hands.ended(session.id)
        return await asyncio.to_thread(settle, self._hands, session.id)

    def _has_begun(self, session: Session) -> bool:
        hands, name = self._hands, session.id
        return hands.is_alive(name) or hands.ending(name) is not None

    def _ended_early(self, session: Session) -> Outcome:
        hands, sessions = self._hands, self._hands.sessions()
        hands.end(session.id)
        sessions.ended(session.id, SessionStatus.ABORTED, hands.now(), exit_code=None, reason=STOPPED)
        given_back = give_back(hands, session, f"{STOPPED} while its agent was at work")
        sessions.settle(session.id)
        return Outcome.RELEASED if given_back else Outcome.LEFT

    async def _follow_up(self, task: Task, session: Session, outcome: Outcome) -> None:
        tally, tell, conductor = self._conductor.tally, self._tell, self._conductor
        if outcome is Outcome.COMPLETED:
            tally.completed.append(task.task_id)
            tell.of(session, RunStep.COMPLETED)
            conductor.bring_home(task)
        elif outcome is Outcome.AGAIN:
            await self._again(task, session)
        elif outcome is Outcome.BLOCKED:
            why = await asyncio.to_thread(why_blocked, self._hands, task.task_id)
            tally.blocked[task.task_id] = why
            tell.of(session, RunStep.BLOCKED, ": ".join(filter(None, (", ".join(why.codes), why.reason))))
            await asyncio.to_thread(self._fall_back, task)
        else:
            tell.of(session, RunStep.RELEASED, _EARLY[outcome])
            early = f"its session ended early: {_EARLY[outcome]}"
            conductor.give_up(task, f"{early}; the next `vtm run` may take it up again")

    async def _again(self, task: Task, session: Session) -> None:
        backlog = await asyncio.to_thread(self._hands.backlog)
        attempts = backlog.state_of(task).attempts
        self._tell.of(
            session, RunStep.ATTEMPT_FAILED, attempts[-1].text if attempts else "its process got lost"
        )
        if self._conductor.draining:
            why = "the run ended before another attempt"
            await asyncio.to_thread(give_back, self._hands, session, why)
            self._tell.of(session, RunStep.RELEASED, why)
        else:
            await self._conductor.begin(task)

    def _fall_back(self, task: Task) -> None:
        """Let what is left of the group of a task that failed be done one by one."""
        backlog = self._hands.backlog()
        found = groups(backlog, Filters())
        group = found.get(task.task_id)
        left = {Status.PENDING, Status.IN_PROGRESS}
        self._conductor.tally.one_by_one |= {
            name: each for name, each in found.items() if each == group and backlog.status(name) in left
        }
