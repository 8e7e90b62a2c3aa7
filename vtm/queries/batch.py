"""A group of tasks that one coordinator gives out: which must follow one another, and how long it takes."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from msgspec import Struct

from vtm.graph.order import ordered
from vtm.graph.overlap import overlaps
from vtm.model.backlog import Backlog
from vtm.model.grades import graded
from vtm.model.settings import Settings
from vtm.model.status import Risk, Status
from vtm.model.task import Task
from vtm.queries.package import UNKNOWN, Neighbour


class Member(Struct, frozen=True):
    """A task of a group: `minutes` as set for its size, `needs` what it waits for outside of the group."""

    id: str
    title: str
    risk: str
    size: str
    minutes: int
    status: str
    needs: Sequence[Neighbour]


class Follow(Struct, frozen=True):
    """Two tasks that must not run at the same time, `first` before `then`."""

    first: str
    then: str
    reason: str


class Alone(Struct, frozen=True):
    """A task beside which no other of the group may run."""

    id: str
    reason: str


class Batch(Struct, frozen=True):
    """A group of tasks.

    Attributes:
        number: Which of `total` groups it is; 0: nobody said.
        places: How many tasks may run at once.
        minutes: Until all are done, with as much at once as may be.
        serial: Until all are done, one after the other.
    """

    number: int
    total: int
    places: int
    members: Sequence[Member]
    follows: Sequence[Follow]
    alone: Sequence[Alone]
    minutes: int
    serial: int


def batch(
    backlog: Backlog,
    tasks: Sequence[Task],
    settings: Settings,
    number: int = 0,
    total: int = 0,
) -> Batch:
    """The group of `tasks`, in an order in which they can be done."""
    several = len(tasks) > 1
    needs = {task.task_id: _reached(backlog, task) if several else set[str]() for task in tasks}
    inside = {name: tuple(each for each in needs if each in found) for name, found in needs.items()}
    order = ordered(inside)
    sorted_ = [backlog[name] for name in (*order.nodes, *order.left_out)]
    follows = list(_follows(sorted_, needs))
    alone = [Alone(task.task_id, reason) for task in sorted_ if (reason := _alone(task))]
    minutes = {task.task_id: int(getattr(settings.estimate, graded(task).size.value)) for task in tasks}
    places = settings.parallel.max or len(tasks)
    return Batch(
        number=number,
        total=total,
        places=places,
        members=[_member(backlog, task, minutes[task.task_id], needs) for task in sorted_],
        follows=follows,
        alone=alone,
        minutes=_makespan([task.task_id for task in sorted_], follows, alone, minutes, places),
        serial=sum(minutes.values()),
    )


def _reached(backlog: Backlog, task: Task) -> set[str]:
    """All that a task depends on, directly or through others."""
    seen: set[str] = set()
    work = list(task.depends_on_tasks)
    while work:
        name = work.pop()
        if name not in seen:
            seen.add(name)
            work += backlog[name].depends_on_tasks if name in backlog else ()
    return seen - {task.task_id}


def _follows(tasks: Sequence[Task], needs: dict[str, set[str]]) -> Iterator[Follow]:
    for first, then in combinations(tasks, 2):
        reason = _reason(first, then, needs)
        if reason:
            yield Follow(first.task_id, then.task_id, reason)


def _reason(first: Task, then: Task, needs: dict[str, set[str]]) -> str:
    """Why two tasks must not run at the same time; empty: they may."""
    if first.task_id in needs[then.task_id] or then.task_id in needs[first.task_id]:
        return "dependency"
    if then.task_id in (first.conflicts_with or ()) or first.task_id in (then.conflicts_with or ()):
        return "declared conflict"
    return "same files" if overlaps(first.file_scope, then.file_scope) else ""


def _alone(task: Task) -> str:
    """Why no task may run beside `task`; empty: others may."""
    if task.risk is Risk.HIGH:
        return "High risk"
    return "declared not parallel" if task.parallel is False else ""


def _member(backlog: Backlog, task: Task, minutes: int, group: dict[str, set[str]]) -> Member:
    waived = backlog.state_of(task).waived
    needs = [
        Neighbour(name, "", str(backlog.status(name) or UNKNOWN))
        for name in dict.fromkeys(task.depends_on_tasks)
        if backlog.status(name) is not Status.COMPLETED and name not in waived and name not in group
    ]
    status = str(backlog.status(task.task_id))
    return Member(task.task_id, task.title, task.risk.value, graded(task).size.value, minutes, status, needs)


def _makespan(
    order: Sequence[str],
    follows: Sequence[Follow],
    alone: Sequence[Alone],
    minutes: dict[str, int],
    places: int,
) -> int:
    """Minutes until all are done: each starts when those before it are done and a place is free."""
    ends: dict[str, int] = {}
    by_itself = {each.id for each in alone}
    free, barrier = [0] * max(1, places), 0
    for name in order:
        earliest = max((ends[each.first] for each in follows if each.then == name), default=barrier)
        place = min(range(len(free)), key=free.__getitem__)
        if name in by_itself:
            earliest = max(ends.values(), default=0)
        free[place] = ends[name] = max(earliest, barrier, free[place]) + minutes[name]
        barrier = ends[name] if name in by_itself else barrier
    return max(ends.values(), default=0)
