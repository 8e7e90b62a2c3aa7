"""What of a selection can be planned, and what cannot and why."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from vtm.graph.readiness import RULE, Readiness
from vtm.model.backlog import Backlog
from vtm.model.status import Status
from vtm.model.task import Task
from vtm.queries.filters import Filters
from vtm.rules.wording import listed

_NAMED = 3
_OVER = {Status.COMPLETED, Status.ABANDONED}


class Hindrance(StrEnum):
    """Why a task cannot be planned.

    `blocked`: its status. `stuck`: it is behind a cycle, an unknown id or an abandoned task. `waiting`: it
    waits for a task that is blocked, or that is pending and not selected.
    """

    BLOCKED = "blocked"
    STUCK = "stuck"
    WAITING = "waiting"


class Unplanned(Struct, frozen=True):
    """A selected task that cannot be planned; `reason` is for a person."""

    task_id: str
    title: str
    hindrance: Hindrance
    reason: str


class Plannable(NamedTuple):
    """A selection, sorted out; each list is in the order of declaration.

    Attributes:
        tasks: What is pending and can be planned.
        running: All tasks in progress, selected or not: they hold places and files.
        needs: For each of `tasks` what it waits for: ids among both, and `RULE` where it is provisional.
        holders: What `RULE` waits for.
        unplanned: What is selected, pending or blocked, and not in `tasks`.
        selected: What is selected and neither completed nor abandoned.
    """

    tasks: Sequence[Task]
    running: Sequence[Task]
    needs: Mapping[str, Sequence[str]]
    holders: Sequence[str]
    unplanned: Sequence[Unplanned]
    selected: Sequence[Task]


def plannable(backlog: Backlog, readiness: Readiness, filters: Filters) -> Plannable:
    """Sort out the tasks of `backlog` that `filters` keep and that are not over. Time is linear."""
    selected = [task for task in filters.keep(backlog.tasks) if readiness.statuses[task.task_id] not in _OVER]
    open_ = [task for task in selected if readiness.statuses[task.task_id] is not Status.IN_PROGRESS]
    running = readiness.tasks_with(Status.IN_PROGRESS)
    stuck = {task.task_id for task in readiness.stuck}
    waits = {
        task.task_id: _waits(readiness, task)
        for task in open_
        if readiness.statuses[task.task_id] is Status.PENDING and task.task_id not in stuck
    }
    holders = [task.task_id for task in readiness.holders]
    out = _out_of_reach({**waits, RULE: holders}, {task.task_id for task in running})
    needs = {name: each for name, each in waits.items() if name not in out}
    still_open = [name for name in holders if name not in needs]
    reasons = _Reasons(backlog, readiness, {task.task_id for task in selected}, needs, stuck, still_open)
    return Plannable(
        [task for task in open_ if task.task_id in needs],
        running,
        needs,
        holders,
        [reasons.unplanned(task) for task in open_ if task.task_id not in needs],
        selected,
    )


def _waits(readiness: Readiness, task: Task) -> list[str]:
    """What a task waits for: unmet dependencies, and the provisional rule where it is held by it."""
    if not task.depends_on_tasks and not task.provisional:
        return []
    ids = [each.task_id for each in readiness.unmet(task)]
    return [*ids, RULE] if readiness.held_by(task) else ids


def _out_of_reach(waits: Mapping[str, Sequence[str]], sure: Collection[str]) -> set[str]:
    """Names that wait for something that is neither a name nor `sure`, directly or not."""
    users: dict[str, list[str]] = {}
    for name, needs in waits.items():
        for each in needs:
            users.setdefault(each, []).append(name)
    work = [each for each in users if each not in waits and each not in sure]
    found: set[str] = set()
    while work:
        for name in users.get(work.pop(), ()):
            if name not in found:
                found.add(name)
                work.append(name)
    return found


class _Reasons(NamedTuple):
    """What is known when the reasons are put into words.

    Attributes:
        selected: Ids of what is selected and not over; `planned` those of it that can be planned.
        stuck: Ids of all that is stuck.
        holders: What holds provisional tasks and is not planned.
    """

    backlog: Backlog
    readiness: Readiness
    selected: Collection[str]
    planned: Collection[str]
    stuck: Collection[str]
    holders: Sequence[str]

    def unplanned(self, task: Task) -> Unplanned:
        """A task that cannot be planned, with the reason."""
        if self.readiness.statuses[task.task_id] is Status.BLOCKED:
            hindrance = Hindrance.BLOCKED
            reason = self.backlog.state_of(task).obstacle or "no reason is recorded"
        else:
            hindrance = Hindrance.STUCK if task.task_id in self.stuck else Hindrance.WAITING
            reason = ", ".join(self._waits_for(task))
        return Unplanned(task.task_id, task.title, hindrance, reason)

    def _waits_for(self, task: Task) -> Iterator[str]:
        for each in self.readiness.unmet(task):
            if each.task_id == task.task_id:
                yield "it depends on itself"
            elif each.task_id in self.stuck:
                yield f"{each.task_id} is stuck"
            elif each.status not in {Status.PENDING, Status.IN_PROGRESS}:
                yield f"{each.task_id} is {each.status}"
            elif each.status == Status.PENDING and each.task_id not in self.planned:
                why = "cannot be planned either" if each.task_id in self.selected else "is not selected"
                yield f"{each.task_id} {why}"
        if self.holders and task.provisional:
            verb = "is" if len(self.holders) == 1 else "are"
            shown = listed(self.holders[:_NAMED], len(self.holders))
            yield f"it is provisional while {shown} {verb} open"
