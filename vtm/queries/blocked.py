"""What cannot start, and why."""

from collections.abc import Sequence

from msgspec import Struct

from vtm.graph.readiness import Readiness, Unmet
from vtm.graph.roots import Root, roots_of_stuck
from vtm.model.backlog import Backlog
from vtm.model.status import Risk, Status
from vtm.model.task import Task
from vtm.rules.wording import listed

NAMED = 3
"""How many of the High tasks that hold it a held task names."""


class Obstacle(Unmet, frozen=True):
    """An unmet dependency.

    Attributes:
        holds_up: How many pending or blocked tasks name it as an unmet dependency.
    """

    holds_up: int


class HeldTask(Struct, frozen=True):
    """A task that cannot start.

    Attributes:
        reason: What its state says; where it is not blocked, each unmet dependency with its status.
        unmet: Its unmet dependencies; those that hold up most come first.
        held_by: The first three High tasks that hold it because it is provisional; `holders` has all.
        holds_up: How many pending or blocked tasks name it as an unmet dependency.
    """

    task_id: str
    title: str
    risk: Risk
    status: Status
    reason: str
    unmet: Sequence[Obstacle]
    held_by: Sequence[str]
    holds_up: int


class BlockedTasks(Struct, frozen=True, tag_field="schema", tag="vtm.blocked/1"):
    """Three disjoint lists; in each, tasks behind the blocker that holds up most come first.

    Attributes:
        blocked: By status.
        waiting: Pending, and what they wait for can still happen.
        stuck: Pending behind a cycle, an unknown id or an abandoned task.
        roots: What the stuck tasks go back to: abandoned tasks, unknown ids, cycles.
        holders: High tasks that hold back every provisional task, where there is one.
    """

    blocked: Sequence[HeldTask]
    waiting: Sequence[HeldTask]
    stuck: Sequence[HeldTask]
    total: int
    returned: int
    truncated: bool
    roots: Sequence[Root] = ()
    holders: Sequence[str] = ()


class _Census:
    """How many tasks each id holds up."""

    def __init__(self, backlog: Backlog, readiness: Readiness) -> None:
        self._backlog = backlog
        self._readiness = readiness
        self._blocked = readiness.tasks_with(Status.BLOCKED)
        self._unmet = {
            task.task_id: readiness.unmet(task)
            for task in (*readiness.waiting, *readiness.stuck, *self._blocked)
        }
        self._holds_up: dict[str, int] = {}
        for unmet in self._unmet.values():
            for each in unmet:
                self._holds_up[each.task_id] = self._holds_up.get(each.task_id, 0) + 1

    def blocked(self) -> list[HeldTask]:
        held = [self._held(task, self._why_blocked(task)) for task in self._blocked]
        return sorted(held, key=lambda each: -each.holds_up)

    def behind(self, tasks: Sequence[Task]) -> list[HeldTask]:
        held = [self._held(task, "") for task in tasks]
        return sorted(held, key=lambda each: -max((obstacle.holds_up for obstacle in each.unmet), default=0))

    def _held(self, task: Task, reason: str) -> HeldTask:
        unmet = [
            Obstacle(each.task_id, each.status, self._holds_up[each.task_id])
            for each in self._unmet[task.task_id]
        ]
        unmet.sort(key=lambda each: -each.holds_up)
        return HeldTask(
            task.task_id,
            task.title,
            task.risk,
            self._readiness.statuses[task.task_id],
            reason or self._why_waiting(task, unmet),
            unmet,
            [each.task_id for each in self._readiness.held_by(task)[:NAMED]],
            self._holds_up.get(task.task_id, 0),
        )

    def _why_blocked(self, task: Task) -> str:
        return self._backlog.state_of(task).obstacle or "blocked; no reason is recorded"

    def _why_waiting(self, task: Task, unmet: Sequence[Obstacle]) -> str:
        parts = [f"{each.task_id} is {each.status}" for each in unmet]
        holders = self._readiness.held_by(task)
        if holders:
            verb = "is" if len(holders) == 1 else "are"
            parts.append(f"provisional while {listed([holders[0].task_id], len(holders))} {verb} open")
        return ", ".join(parts)

    def holders(self) -> list[str]:
        """Who holds back the tasks that are held back, once for all of them."""
        held = any(self._readiness.held_by(self._backlog[name]) for name in self._unmet)
        return [each.task_id for each in self._readiness.holders] if held else []


def blocked_tasks(backlog: Backlog, readiness: Readiness) -> BlockedTasks:
    """Tasks that are blocked, waiting or stuck, each with what it waits for."""
    census = _Census(backlog, readiness)
    blocked = census.blocked()
    waiting, stuck = census.behind(readiness.waiting), census.behind(readiness.stuck)
    total = len(blocked) + len(waiting) + len(stuck)
    roots = roots_of_stuck(readiness, readiness.stuck)
    return BlockedTasks(blocked, waiting, stuck, total, total, False, roots, census.holders())
