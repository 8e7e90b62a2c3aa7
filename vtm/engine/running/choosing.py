"""What a run starts next: the plan's own decision, asked anew whenever something has happened."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from vtm.engine.running.order import Order, Tally
from vtm.graph.compatibility import Conflicts, declared_conflicts, runs_alone
from vtm.graph.jobs import Job
from vtm.graph.levels import generations
from vtm.graph.readiness import RULE, Readiness
from vtm.graph.schedule import schedule
from vtm.model.backlog import Backlog
from vtm.model.status import RISK_RANK, Size, Status
from vtm.model.task import Task
from vtm.queries.estimates import size_of
from vtm.queries.filters import Filters
from vtm.queries.plannable import Plannable, plannable
from vtm.queries.planning import Mode


class Floor(NamedTuple):
    """How a run stands when it chooses.

    Attributes:
        places: How many tasks may be in progress at the same time.
        minutes: How long a task of a size is thought to take.
        coming_home: Ids of tasks that a run attends to, or that are being merged: once they are completed,
            their files are in use until main has them, and what depends on them waits.
        away: Ids of completed tasks that main does not hold: what depends on them waits.
        held: Ids of tasks that gates keep from being started.
        one_by_one: Id to the group in which one failed: no two of a group are in progress at the same time.
    """

    filters: Filters
    mode: Mode
    places: int
    minutes: Mapping[Size, int]
    in_waves: bool = False
    coming_home: Collection[str] = ()
    away: Collection[str] = ()
    held: Collection[str] = ()
    one_by_one: Mapping[str, int] = {}


def floor_of(order: Order, tally: Tally, coming_home: Collection[str]) -> Floor:
    """How a run stands that is to do `order`, of which `tally` has come so far."""
    return Floor(
        order.filters,
        order.mode,
        order.places,
        order.minutes,
        in_waves=order.in_waves,
        coming_home=coming_home,
        away=tally.away.keys(),
        held={*tally.held, *tally.given_up},
        one_by_one=tally.one_by_one,
    )


def to_start(backlog: Backlog, floor: Floor) -> list[Task]:
    """The tasks to start now, in the order of their turn; none: something has to happen first."""
    found = plannable(backlog, Readiness(backlog), floor.filters)
    done = [name for name in floor.coming_home if backlog.status(name) is Status.COMPLETED]
    floor = floor._replace(coming_home=done)
    busy = [_job(task, floor.minutes) for task in found.running]
    busy += [_job(backlog[name], floor.minutes)._replace(alone=False) for name in floor.coming_home]
    parallel = floor.mode is Mode.PARALLEL
    rounds = schedule(
        [*_waiting(found, floor), Job(RULE, 0, after=found.holders, gate=True)],
        floor.places + len(floor.coming_home) if parallel else 1,
        _conflicts(found, floor),
        running=busy,
        in_waves=floor.in_waves,
        by_rank=not parallel,
    )
    first = rounds[0] if rounds else None
    return [backlog[name] for name in first.names] if first and first.at == 0 else []


def groups(backlog: Backlog, filters: Filters) -> dict[str, int]:
    """Id to the group of a selected task: those of one are equally many steps away from the start."""
    graph = {task.task_id: task.depends_on_tasks for task in filters.keep(backlog.tasks)}
    return {name: number for number, names in enumerate(generations(graph)) for name in names}


def _waiting(found: Plannable, floor: Floor) -> list[Job]:
    """What is left to do; what waits for something outside of the plan is behind a cycle of its own."""
    jobs = []
    for task in found.tasks:
        name, needs = task.task_id, list(found.needs[task.task_id])
        needs += [each for each in task.depends_on_tasks if each in floor.coming_home]
        if name in floor.held or any(each in floor.away for each in task.depends_on_tasks):
            needs.append(name)
        jobs.append(_job(task, floor.minutes)._replace(after=needs))
    return jobs


def _conflicts(found: Plannable, floor: Floor) -> Conflicts:
    declared = declared_conflicts((*found.running, *found.tasks))
    members: dict[int, set[str]] = {}
    for name, group in floor.one_by_one.items():
        members.setdefault(group, set()).add(name)
    for name, group in floor.one_by_one.items():
        declared[name] = declared.get(name, frozenset()) | (members[group] - {name})
    return declared


def _job(task: Task, minutes: Mapping[Size, int]) -> Job:
    alone, rank = runs_alone(task), RISK_RANK[task.risk]
    return Job(task.task_id, minutes[size_of(task)], rank, alone=alone, scope=task.file_scope)
