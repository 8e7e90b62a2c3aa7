"""What everything that is stuck goes back to."""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from vtm.graph.cycles import closed_path, components
from vtm.graph.readiness import RULE, UNKNOWN, Readiness
from vtm.model.status import Status
from vtm.model.task import Task


class Cause(StrEnum):
    """Why a root does not give way by itself."""

    BLOCKED = "blocked"
    ABANDONED = "abandoned"
    UNKNOWN = "unknown"
    CYCLE = "cycle"


class Root(Struct, frozen=True):
    """Something that has to be mended before what waits for it can go on.

    Attributes:
        tasks: One id; of a cycle the closed path, first and last equal. A provisional task on a cycle may be
            followed by a High task that holds it, as well as by one that it depends on.
    """

    cause: Cause
    tasks: tuple[str, ...]


def roots_of_stuck(readiness: Readiness, stuck: Iterable[Task]) -> list[Root]:
    """What `stuck` tasks go back to: abandoned tasks and unknown ids as they are met, then cycles.

    Time is linear in tasks and dependencies.
    """
    found: dict[str, Root] = {}
    graph: dict[str, list[str]] = {}
    loops = []
    for task in stuck:
        edges = graph[task.task_id] = []
        for each in readiness.unmet(task):
            if each.status in {UNKNOWN, Status.ABANDONED}:
                found.setdefault(each.task_id, Root(Cause(each.status), (each.task_id,)))
            elif each.task_id == task.task_id:
                loops.append(Root(Cause.CYCLE, (task.task_id, task.task_id)))
            else:
                edges.append(each.task_id)
        if readiness.held_by(task):
            edges.append(RULE)
    graph[RULE] = [task.task_id for task in readiness.holders]
    knots = [_cycle(closed_path(graph, members)) for members in components(graph)]
    return [*found.values(), *loops, *knots]


def _cycle(path: list[str]) -> Root:
    """A closed path without the provisional rule, which is never its first."""
    return Root(Cause.CYCLE, tuple(each for each in path if each != RULE))
