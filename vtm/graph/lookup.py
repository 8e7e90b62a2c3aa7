"""Who depends on whom."""

from collections import Counter
from typing import NamedTuple

from vtm.graph.cycles import closed_path, components
from vtm.model.backlog import Backlog
from vtm.model.task import Task


class Cycle(NamedTuple):
    """A knot of tasks that wait for each other.

    Attributes:
        path: A closed path through the knot's first task; first and last are equal.
        members: All tasks of the knot, in the order of declaration.
    """

    path: list[str]
    members: list[str]


def dependencies(backlog: Backlog) -> dict[str, tuple[str, ...]]:
    """Task id to the ids it depends on, as declared."""
    return {task.task_id: task.depends_on_tasks for task in backlog.tasks}


def dependents(backlog: Backlog) -> dict[str, list[Task]]:
    """Id to the tasks that declare it as a dependency, unknown ids included, each task once."""
    found: dict[str, list[Task]] = {}
    for task in backlog.tasks:
        for dependency in dict.fromkeys(task.depends_on_tasks):
            found.setdefault(dependency, []).append(task)
    return found


def cycles(backlog: Backlog) -> list[Cycle]:
    """Every cycle of two or more tasks, each knot once; a task that depends on itself is not among them."""
    graph = dependencies(backlog)
    return [Cycle(closed_path(graph, members), members) for members in components(graph)]


def is_on_cycle(task: Task, backlog: Backlog) -> bool:
    """Whether `task` depends on itself by way of others: cheaper than all cycles, to ask of one task."""
    seen: set[str] = set()
    work = [each for each in task.depends_on_tasks if each != task.task_id]
    while work:
        name = work.pop()
        if name == task.task_id:
            return True
        if name not in seen and name in backlog:
            seen.add(name)
            work.extend(backlog[name].depends_on_tasks)
    return False


def dangling(task: Task, backlog: Backlog) -> list[tuple[int, str]]:
    """Dependencies of `task` that are not in the backlog, each once, with the place it is first listed at."""
    missing: dict[str, int] = {}
    for index, each in enumerate(task.depends_on_tasks):
        if each not in backlog:
            missing.setdefault(each, index)
    return [(index, each) for each, index in missing.items()]


def repeated(task: Task) -> list[str]:
    """Dependencies that `task` lists more than once, each once."""
    declared = task.depends_on_tasks
    if len(declared) < 2 or len(set(declared)) == len(declared):
        return []
    return [each for each, count in Counter(declared).items() if count > 1]
