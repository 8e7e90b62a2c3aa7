"""Eligible, waiting, stuck: the one place that decides what can start."""

from collections.abc import Iterator, Sequence
from functools import cached_property

from msgspec import Struct

from vtm.model.backlog import Backlog
from vtm.model.state import UNTOUCHED
from vtm.model.status import RISK_RANK, Risk, Status
from vtm.model.task import Task

UNKNOWN = "unknown"
RULE = ""
"""Stands for the provisional rule among ids: it waits for all holders, and what they hold waits for it."""


class Unmet(Struct, frozen=True):
    """A dependency that is neither completed nor waived.

    Attributes:
        status: Its status; `unknown` where no task has this id.
    """

    task_id: str
    status: str


class Readiness:
    """What can start, what waits and what can never start as things are; disjoint, in order of declaration.

    Attributes:
        backlog: That it is worked out from.
        statuses: Task id to status.
        holders: Non-provisional High tasks that are pending or blocked: they hold every provisional task.
        eligible: `pending`, every dependency completed or waived, and not held by the provisional rule.
        waiting: `pending`, not eligible, but what they wait for can still happen.
        stuck: `pending` behind a cycle, an unknown id or an abandoned task.
    """

    def __init__(self, backlog: Backlog) -> None:
        self.backlog = backlog
        entries = backlog.state.tasks
        self.statuses: dict[str, Status] = {
            task.task_id: entries.get(task.task_id, UNTOUCHED).status for task in backlog.tasks
        }
        self.holders: list[Task] = [
            task
            for task in backlog.tasks
            if task.risk is Risk.HIGH
            and not task.provisional
            and self.statuses[task.task_id] in {Status.PENDING, Status.BLOCKED}
        ]
        self.eligible: list[Task] = []
        self._held_up: dict[str, Task] = {}
        for task in backlog.tasks:
            if self.statuses[task.task_id] is Status.PENDING:
                if self._is_met(task) and not (task.provisional and self.holders):
                    self.eligible.append(task)
                else:
                    self._held_up[task.task_id] = task

    def _is_met(self, task: Task) -> bool:
        """Whether no dependency of a task is unmet: `unmet` without building the answer."""
        statuses = self.statuses
        for dependency in task.depends_on_tasks:
            if (
                statuses.get(dependency) is not Status.COMPLETED
                and dependency not in self.backlog.state_of(task).waived
            ):
                return False
        return True

    def unmet(self, task: Task) -> list[Unmet]:
        """The dependencies of `task` that are neither completed nor waived, each once, as declared."""
        statuses = self.statuses
        waived = self.backlog.state_of(task).waived
        return [
            Unmet(dependency, statuses.get(dependency, UNKNOWN))
            for dependency in dict.fromkeys(task.depends_on_tasks)
            if statuses.get(dependency) is not Status.COMPLETED and dependency not in waived
        ]

    def held_by(self, task: Task) -> Sequence[Task]:
        """The High tasks that hold `task` back because it is provisional."""
        return self.holders if task.provisional else ()

    def ordered(self, tasks: Sequence[Task]) -> list[Task]:
        """`tasks` in the order of selection: High, Medium, Low, then as declared."""
        return sorted(tasks, key=lambda task: RISK_RANK[task.risk])

    def tasks_with(self, status: Status) -> list[Task]:
        """Tasks with this status, as declared."""
        return [task for task in self.backlog.tasks if self.statuses[task.task_id] is status]

    @cached_property
    def waiting(self) -> list[Task]:
        """Pending, not eligible, not stuck."""
        return [task for name, task in self._held_up.items() if name in self._can_follow]

    @cached_property
    def stuck(self) -> list[Task]:
        """Pending, and what they wait for can never happen as things are."""
        return [task for name, task in self._held_up.items() if name not in self._can_follow]

    @cached_property
    def _can_follow(self) -> set[str]:
        """Ids of held-up tasks that can still become eligible: the least fixed point of DESIGN's F.

        The provisional rule is one node between holders and held, so that time stays linear.
        """
        waits = dict.fromkeys((RULE, *self._held_up), 0)
        frees: dict[str | None, list[str]] = {}
        for name, blocker in self._edges():
            waits[name] += 1
            frees.setdefault(blocker, []).append(name)
        free = [name for name, count in waits.items() if not count]
        for name in free:
            for follower in frees.get(name, ()):
                waits[follower] -= 1
                if not waits[follower]:
                    free.append(follower)
        return set(free)

    def _edges(self) -> Iterator[tuple[str, str | None]]:
        """Held-up tasks and the rule, each with what it waits for; None for what can never happen."""
        held_up = self._held_up
        sure = {Status.IN_PROGRESS, Status.BLOCKED}
        going = {task.task_id for task in self.eligible}
        for name, task in held_up.items():
            for each in self.unmet(task):
                if each.status not in sure and each.task_id not in going:
                    yield name, each.task_id if each.task_id in held_up else None
            if self.held_by(task):
                yield name, RULE
        for task in self.holders:
            if task.task_id in held_up:
                yield RULE, task.task_id
