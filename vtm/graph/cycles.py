"""Cycles in a dependency graph."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence

Dependencies = Mapping[str, Sequence[str]]
"""Id to the ids that it depends on; ids that are no keys are ignored."""


def components(graph: Dependencies) -> list[list[str]]:
    """Strongly connected components of more than one node, members in the order of `graph`.

    What reaches no cycle is peeled off first, so that an acyclic graph costs one pass. A node that depends
    on itself is no component by that alone.
    Time and memory are linear in nodes and edges; there is no recursion.

    Source: R. Tarjan, "Depth-first search and linear graph algorithms", SIAM J. Comput. 1 (1972).
    """
    search = _Search(_without_leaves(graph))
    order = {node: place for place, node in enumerate(graph)}
    found = [sorted(members, key=order.__getitem__) for members in search.components()]
    return sorted(found, key=lambda members: order[members[0]])


class _Search:
    """One run of Tarjan's algorithm over a graph in which every target is a node."""

    def __init__(self, graph: Dependencies) -> None:
        self._graph = graph
        self._index: dict[str, int] = {}
        self._low: dict[str, int] = {}
        self._path: list[str] = []
        self._on_path: set[str] = set()

    def components(self) -> Iterator[list[str]]:
        """Components of more than one node."""
        for root in self._graph:
            work = [] if root in self._index else [self._enter(root)]
            while work:
                node, targets = work[-1]
                deeper = self._deeper(node, targets)
                if deeper is not None:
                    work.append(self._enter(deeper))
                    continue
                work.pop()
                if work:
                    parent = work[-1][0]
                    self._low[parent] = min(self._low[parent], self._low[node])
                if self._low[node] == self._index[node]:
                    members = self._leave(node)
                    if len(members) > 1:
                        yield members

    def _enter(self, node: str) -> tuple[str, Iterator[str]]:
        self._index[node] = self._low[node] = len(self._index)
        self._path.append(node)
        self._on_path.add(node)
        return node, iter(self._graph[node])

    def _deeper(self, node: str, targets: Iterator[str]) -> str | None:
        """The next target that was not entered yet; those on the path are taken into account on the way."""
        for target in targets:
            if target not in self._index:
                return target
            if target in self._on_path:
                self._low[node] = min(self._low[node], self._index[target])
        return None

    def _leave(self, node: str) -> list[str]:
        """Take `node` and all above it off the path."""
        members = [self._path.pop()]
        while members[-1] != node:
            members.append(self._path.pop())
        self._on_path.difference_update(members)
        return members


def _without_leaves(graph: Dependencies) -> dict[str, list[str]]:
    """The part of `graph` that is left once nodes that nothing holds up are removed again and again."""
    inside = {node: [t for t in targets if t in graph and t != node] for node, targets in graph.items()}
    waiting = {node: len(targets) for node, targets in inside.items()}
    users: dict[str, list[str]] = {}
    for node, targets in inside.items():
        for target in targets:
            users.setdefault(target, []).append(node)
    free = [node for node, count in waiting.items() if not count]
    while free:
        node = free.pop()
        del waiting[node]
        for user in users.get(node, ()):
            waiting[user] -= 1
            if not waiting[user]:
                free.append(user)
    return {node: [t for t in inside[node] if t in waiting] for node in waiting}


def closed_path(graph: Dependencies, members: Sequence[str]) -> list[str]:
    """A shortest cycle through the first of `members`, which form one component; first and last are equal.

    A node that depends on itself is on no cycle by that alone.

    Raises:
        ValueError: `members` is no component of two or more nodes.
    """
    start, inside = members[0], set(members)
    came_from: dict[str, str] = {}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        for target in graph[node]:
            if target == start and node != start:
                path = [start, node]
                while path[-1] != start:
                    path.append(came_from[path[-1]])
                return path[::-1]
            if target in inside and target != start and target not in came_from:
                came_from[target] = node
                queue.append(target)
    raise ValueError(f"{start} is on no cycle")
