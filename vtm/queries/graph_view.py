"""Tasks and the edges between them."""

from collections.abc import Sequence

from msgspec import Struct

from vtm.graph.cycles import Dependencies
from vtm.graph.levels import generations
from vtm.graph.lookup import dependencies
from vtm.graph.readiness import UNKNOWN, Readiness
from vtm.model.backlog import Backlog
from vtm.model.task import Task


class Node(Struct, frozen=True):
    """A task in a graph.

    Attributes:
        status: `unknown` where no task has this id.
        generation: Length of its longest chain of dependencies; null on or behind a cycle, or unknown.
        depends_on: Ids, each once.
    """

    task_id: str
    title: str
    status: str
    generation: int | None
    depends_on: Sequence[str]


class GraphView(Struct, frozen=True, tag_field="schema", tag="vtm.graph.show/1"):
    """A graph of tasks.

    Attributes:
        task_id: The task whose dependencies and dependents are shown; empty: all tasks.
        nodes: In the order of declaration; unknown ids last.
        depth: Number of generations that the nodes are in.
    """

    task_id: str
    nodes: Sequence[Node]
    edges: int
    depth: int


def graph_view(backlog: Backlog, readiness: Readiness, around: Task | None) -> GraphView:
    """All tasks, or `around` with everything it depends on and everything that depends on it."""
    graph = dependencies(backlog)
    levels = {name: level for level, names in enumerate(generations(graph)) for name in names}
    shown = set(graph) if around is None else _reached(graph, around.task_id)
    nodes = [
        Node(
            task.task_id,
            task.title,
            readiness.statuses[task.task_id].value,
            levels.get(task.task_id),
            [each for each in dict.fromkeys(task.depends_on_tasks) if around is None or each in shown],
        )
        for task in backlog.tasks
        if task.task_id in shown
    ]
    unknown = dict.fromkeys(each for node in nodes for each in node.depends_on if each not in backlog)
    nodes += [Node(each, "", UNKNOWN, None, ()) for each in unknown]
    return GraphView(
        around.task_id if around else "",
        nodes,
        sum(len(node.depends_on) for node in nodes),
        len({node.generation for node in nodes} - {None}),
    )


def _reached(graph: Dependencies, start: str) -> set[str]:
    """`start`, all it depends on, and all that depends on it, unknown ids included."""
    users: dict[str, list[str]] = {}
    for name, targets in graph.items():
        for target in targets:
            users.setdefault(target, []).append(name)
    found = {start}
    for edges in (graph, users):
        seen, work = {start}, [start]
        while work:
            for each in edges.get(work.pop(), ()):
                if each not in seen:
                    seen.add(each)
                    work.append(each)
        found |= seen
    return found
