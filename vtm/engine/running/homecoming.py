"""Brings completed work home to main, one task at a time."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress

from vtm.engine.request import Request
from vtm.engine.running.handed import Homecoming
from vtm.engine.running.hands import Hands
from vtm.engine.running.order import Tally
from vtm.engine.running.taking import is_of_merge, since_anew
from vtm.engine.running.telling import Teller
from vtm.errors import VtmError
from vtm.model.event import Details, Kind
from vtm.model.facts import Caller
from vtm.model.status import Status
from vtm.model.task import Task
from vtm.queries.run import TaskReason, WaitingBranch
from vtm.queries.run_event import RunStep

MOST_RETURNS = 2
"""So often work that cannot be merged is handed back before its task is blocked."""


class Homecomings:
    """Work that comes home.

    Attributes:
        under_way: Ids of the tasks whose work is on its way.
    """

    def __init__(self, hands: Hands, tally: Tally, teller: Teller) -> None:
        self.under_way: set[str] = set()
        self._hands, self._tally, self._tell = hands, tally, teller
        self._one = asyncio.Lock()
        self._merged: list[Task] = []

    def bring(self, task: Task) -> Coroutine[None, None, None]:
        """Let main have the work on a completed task, after what is on its way already."""
        self.under_way.add(task.task_id)  # from now on, and not only once that begins
        return self._bring(task)

    async def _bring(self, task: Task) -> None:
        try:
            async with self._one:
                came = await asyncio.to_thread(self._brought, task)
        finally:
            self.under_way.discard(task.task_id)
        if came.merged:
            self._tally.merged.append(task.task_id)
            self._tally.away.pop(task.task_id, None)
            self._tell(RunStep.MERGED, task=task.task_id)
            self._merged.append(task)
        elif came.handed_back:
            await self._handed_back(task, came)
        else:
            self.leave(task, came.reason)

    def leave(self, task: Task, reason: str = "") -> None:
        """Leave the work on a completed task where it is."""
        branch = self._hands.branch(task)
        self._tally.away[task.task_id] = WaitingBranch(task.task_id, branch, reason)

    async def look(self) -> None:
        """See what somebody else has brought to main meanwhile."""
        if self._tally.away:
            with suppress(VtmError):  # git that cannot say so now is asked again
                left = await asyncio.to_thread(lambda: self._hands.unmerged(self._hands.backlog()))
                for name in self._tally.away.keys() - left:
                    del self._tally.away[name]

    def tidied(self) -> list[Coroutine[None, None, None]]:
        """What takes away worktrees that are no longer needed; it is best done while agents work."""
        merged, self._merged = self._merged, []
        return [self._cleaned(task) for task in merged]

    async def _cleaned(self, task: Task) -> None:
        kept = await asyncio.to_thread(self._kept, task)
        if kept:
            self._tell(RunStep.DIFFERS, f"it is merged, and its worktree is kept: {kept}", task=task.task_id)

    def _kept(self, task: Task) -> str:
        try:
            return self._hands.clean(task)
        except VtmError as error:
            return error.message

    def _brought(self, task: Task) -> Homecoming:
        try:
            return self._hands.bring_home(task)
        except VtmError as error:
            return Homecoming(merged=False, codes=(error.code,), reason=f"{error.message}; {error.fix}")

    async def _handed_back(self, task: Task, came: Homecoming) -> None:
        name, tally = task.task_id, self._tally
        if name in tally.completed:
            tally.completed.remove(name)
        self._tell(RunStep.HANDED_BACK, f"{', '.join(came.codes)}: {came.reason}", task=name)
        if await asyncio.to_thread(_blocked, self._hands, task, came):
            tally.blocked[name] = TaskReason(name, came.reason, came.codes)
            self._tell(RunStep.BLOCKED, came.reason, task=name)


def _blocked(hands: Hands, task: Task, came: Homecoming) -> bool:
    """Block a task whose work was handed back too often; whether it was."""
    with hands.recorder().desk() as desk:
        known = desk.task(task.task_id)
        returns = [
            each
            for each in since_anew(desk, known)
            if each.event is Kind.REOPEN and is_of_merge(each.evidence.codes)
        ]
        if len(returns) < MOST_RETURNS or desk.backlog.status(task.task_id) is not Status.PENDING:
            return False
        details = Details(
            reason=f"its work could not be merged {len(returns)} times: {came.reason}",
            tried="\n".join(each.evidence.reason for each in returns),
            codes=came.codes,
        )
        desk.record(Request(task.task_id, Kind.BLOCK, Caller(user="vtm"), lambda *_: details))
    return True
