"""One session outside of a run: nothing is chosen, and nothing is merged."""

import asyncio

from vtm.engine.running.crew import Crew
from vtm.engine.running.handed import Assigned
from vtm.engine.running.hands import Hands
from vtm.engine.running.order import Tally
from vtm.engine.running.taking import Origin, Taken, take
from vtm.engine.running.telling import Teller
from vtm.errors import VtmError
from vtm.model.task import Task
from vtm.ports.workflows import Workflows
from vtm.queries.run import TaskReason, WaitingBranch
from vtm.queries.run_event import RunStep


class Solo:
    """Lets one agent work at one task, as often as it takes attempts.

    Attributes:
        tally: What has come of it so far.
        draining: Whether no further attempt is made; `stopping`: whether the agent is ended, too.
        taken: What came of taking up the task first.
        failure: What kept the session from being opened.
    """

    def __init__(self, hands: Hands, workflows: Workflows, origin: Origin, teller: Teller) -> None:
        self.tally = Tally()
        self.draining = False
        self.stopping = False
        self.taken: Taken | None = None
        self.failure: VtmError | None = None
        self._hands, self._workflows, self._origin, self._tell = hands, workflows, origin, teller
        self.crew = Crew(hands, workflows, self, teller)

    async def begin(self, task: Task) -> bool:
        """Take up a task, and let an agent work at it to the end; whether it could be."""
        hands = self._hands
        try:
            taken = await asyncio.to_thread(self._take, task)
        except VtmError as error:
            self.give_up(task, f"{error.message}; {error.fix}", error.code)
            self.failed(error)
            return False
        self.taken = self.taken or taken
        if taken.session is None:
            self.give_up(task, taken.reason, ", ".join(taken.codes))
            return False
        self._tell.of(taken.session, RunStep.CLAIMED, f"epoch {taken.session.epoch}")
        await self.crew.opened(task, taken.session, taken.failures)
        hands.let_go(taken.session.id)
        return True

    def _take(self, task: Task) -> Taken:
        who: Assigned = self._hands.assigned(task)
        return take(self._hands, task, who, self._origin)

    async def stop(self) -> None:
        """End the agent."""
        self.draining = self.stopping = True
        await self._workflows.cancel([each.id for each in self.crew.sessions.values()])

    def bring_home(self, task: Task) -> None:
        """Leave the work where it is."""
        name = task.task_id
        self.tally.away[name] = WaitingBranch(name, self._hands.branch(task))

    def tidy(self) -> None:
        """There is nothing to take away."""

    def failed(self, error: VtmError) -> None:
        """Keep what kept the session from being opened."""
        self.failure = error

    def give_up(self, task: Task, reason: str, code: str = "") -> None:
        """Make no further attempt."""
        self.tally.given_up[task.task_id] = TaskReason(task.task_id, reason, [code] if code else [])
        self._tell(RunStep.HELD, f"{code} {reason}".strip(), task=task.task_id)
