"""The loop of a run: start what can be started, wait until something has happened, and look again."""

import asyncio
from collections.abc import Coroutine

from vtm.engine.running.choosing import floor_of, to_start
from vtm.engine.running.crew import Crew
from vtm.engine.running.hands import Hands
from vtm.engine.running.homecoming import Homecomings
from vtm.engine.running.lookout import Lookout
from vtm.engine.running.order import Order, Tally
from vtm.engine.running.recovering import Found
from vtm.engine.running.taking import Origin, take
from vtm.engine.running.telling import Teller
from vtm.errors import VtmError
from vtm.model.session import Session
from vtm.model.task import Task
from vtm.ports.workflows import Workflows
from vtm.queries.run import TaskReason
from vtm.queries.run_event import RunStep


class Loop:
    """A run at work.

    Attributes:
        tally: What has come of it so far.
        draining: Whether nothing is started any more; `stopping`: whether agents are ended, too.
    """

    def __init__(self, hands: Hands, workflows: Workflows, order: Order, teller: Teller) -> None:
        self.tally = Tally()
        self.draining = False
        self.stopping = False
        self._hands, self._workflows, self._order, self._tell = hands, workflows, order, teller
        self._home = Homecomings(hands, self.tally, teller)
        self._crew = Crew(hands, workflows, self, teller)
        self._lookout = Lookout(hands)
        self._busy: set[asyncio.Task[None]] = set()
        self._failure: BaseException | None = None

    async def go(self, left: Found) -> None:
        """Take over what was left, and run until there is nothing more to do.

        A failure of the run itself lets what is at work finish before it ends the run: agents that nobody
        attends to any more would be lost work.
        """
        await self._done(self._take_over(left))
        await self._done(self._start())
        self.tidy()
        while self._busy:
            done = await self._lookout.wait(self._busy)
            self._busy -= done  # others may have been added meanwhile
            for each in done:
                self._judge(each)
            self.tally.ask_again(gates=bool(done))
            await self._done(self._start(), by_chance=not done)
            self.tidy()
        if self._failure is not None:
            raise self._failure
        if not self.draining:
            self.tally.gate = await asyncio.to_thread(self._hands.gates_behind)

    async def _done(self, way: Coroutine[None, None, None], *, by_chance: bool = False) -> None:
        """Do it; what is looked at `by_chance` may be in the middle of a change, and is looked at again."""
        task = asyncio.create_task(way)
        await asyncio.wait({task})
        if not (by_chance and isinstance(task.exception(), VtmError)):
            self._judge(task)

    def _judge(self, task: asyncio.Task[None]) -> None:
        """Start nothing any more after a failure; the first one is what the run ends with."""
        failure = task.exception()
        if failure is None:
            return
        self._failure = self._failure or failure
        if not self.draining:
            self.draining = True
            self._tell(RunStep.DRAINING, f"{self._at_work()} let finish, since the run failed: {failure}")

    async def _take_over(self, left: Found) -> None:
        """Go on with what engines left behind that are gone, and with what is not at home."""
        hands = self._hands
        if left.void:
            await self._workflows.cancel(left.void)
        if left.executors:
            await asyncio.to_thread(self._workflows.recover, left.executors)
        for task, session in left.attended:
            self._follow(self._crew.attended(task, session))
        for task in left.orphans:
            self._tell(RunStep.DIFFERS, "it is in progress, and nobody works at it", task=task.task_id)
            await self.begin(task)
        backlog = await asyncio.to_thread(hands.backlog)
        away = await asyncio.to_thread(hands.unmerged, backlog)
        here = await asyncio.to_thread(hands.left_behind, backlog)
        selected = {task.task_id for task in self._order.filters.keep(backlog.tasks)}
        for name in sorted(away | (here if self._order.merge else set())):
            if self._order.merge and name in selected:
                self._follow(self._home.bring(backlog[name]))
            elif name in away:
                self._home.leave(backlog[name])

    def tidy(self) -> None:
        """Take away what is no longer needed, unless something is being made that would wait for that."""
        if not self._crew.opening:
            for each in self._home.tidied():
                self._follow(each)

    def drain(self) -> None:
        """Start nothing any more."""
        self.draining = True
        self._tell(RunStep.DRAINING, f"{self._at_work()} let finish; once more to end them")

    def _at_work(self) -> str:
        count = len(self._crew.sessions)
        return f"{count} at work {'is' if count == 1 else 'are'}"

    async def stop(self) -> None:
        """End the agents."""
        self.draining = self.stopping = True
        self._tell(RunStep.STOPPING, f"{self._at_work()} ended")
        names = [session.id for session in self._crew.sessions.values()]
        await asyncio.to_thread(self._hands.stop_merging)
        if names:
            await self._workflows.cancel(names)

    @property
    def sessions(self) -> list[Session]:
        """The sessions that are attended to."""
        return list(self._crew.sessions.values())

    async def begin(self, task: Task) -> bool:
        """Take up a task and let an agent work at it; whether it could be."""
        hands = self._hands
        try:
            taken = await asyncio.to_thread(
                lambda: take(hands, task, hands.assigned(task), Origin(self._order.run))
            )
        except VtmError as error:
            self.give_up(task, f"{error.message}; {error.fix}", error.code)
            return False
        if taken.session is None:
            self._hold(task, TaskReason(task.task_id, taken.reason, taken.codes))
            return False
        self._tell.of(taken.session, RunStep.CLAIMED, f"epoch {taken.session.epoch}")
        self._follow(self._crew.opened(task, taken.session, taken.failures))
        return True

    def bring_home(self, task: Task) -> None:
        """Let main have the work on a completed task, where that is asked for."""
        if self._order.merge:
            self._follow(self._home.bring(task))
        else:
            self._home.leave(task)

    def give_up(self, task: Task, reason: str, code: str = "") -> None:
        """Do not start a task again in this run."""
        self.tally.given_up[task.task_id] = TaskReason(task.task_id, reason, [code] if code else [])
        self._tell(RunStep.HELD, f"{code} {reason}".strip(), task=task.task_id)

    def failed(self, error: VtmError) -> None:
        """What fails for one task need not fail for the next."""

    def _hold(self, task: Task, why: TaskReason) -> None:
        if self.tally.told.get(task.task_id) != why.codes:
            self._tell(RunStep.HELD, f"{', '.join(why.codes)}: {why.reason}", task=task.task_id)
        self.tally.told[task.task_id] = why.codes
        self.tally.held[task.task_id] = why

    def _follow(self, way: Coroutine[None, None, None]) -> None:
        self._busy.add(asyncio.create_task(way))

    async def _start(self) -> None:
        """Start what can be started now."""
        await self._lookout.look()
        await self._home.look()
        while not self.draining:
            tasks = [] if self._order.in_waves and self._busy else await self._chosen()
            begun = [await self.begin(task) for task in tasks]
            if all(begun):
                return

    async def _chosen(self) -> list[Task]:
        """What to start now, as far as as many are wanted."""
        order, tally, room = self._order, self.tally, None
        if order.until is not None:
            room = max(0, order.until - len(tally.completed) - len(self._crew.sessions))
        if room == 0:
            return []
        floor = floor_of(order, tally, {*self._home.under_way, *self._crew.sessions})
        return (await asyncio.to_thread(lambda: to_start(self._hands.backlog(), floor)))[:room]
