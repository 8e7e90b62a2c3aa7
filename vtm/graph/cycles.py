"""Cycles in a dependency graph."""

from collections import deque
from collections.abc import Mapping, Sequence

Dependencies = Mapping[str, Sequence[str]]
"""Id to the ids that it depends on; ids that are no keys are ignored."""


def components(graph: Dependencies) -> list[list[str]]:
    """Strongly connected components of more than one node, members in the order of `graph`.

    What no cycle can reach is peeled off first, so that an acyclic graph costs one pass.
    Time and memory are linear in nodes and edges; there is no recursion.

    Source: R. Tarjan, "Depth-first search and linear graph algorithms", SIAM J. Comput. 1 (1972).
    """
    remaining = _without_leaves(graph)
    order = {node: place for place, node in enumerate(graph)}
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    path: list[str] = []
    on_path: set[str] = set()
    found: list[list[str]] = []
    for root in remaining:
        if root in index:
            continue
        work = [(root, iter(remaining[root]))]
        index[root] = low[root] = len(index)
        path.append(root)
        on_path.add(root)
        while work:
            node, targets = work[-1]
            for target in targets:
                if target not in index:
                    index[target] = low[target] = len(index)
                    path.append(target)
                    on_path.add(target)
                    work.append((target, iter(remaining[target])))
                    break
                if target in on_path:
                    low[node] = min(low[node], index[target])
            else:
                work.pop()
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[node])
                if low[node] == index[node]:
                    component = _pop_until(node, path, on_path)
                    if len(component) > 1:
                        found.append(sorted(component, key=order.__getitem__))
    return sorted(found, key=lambda members: order[members[0]])


def _pop_until(node: str, path: list[str], on_path: set[str]) -> list[str]:
    """Take `node` and all above it off the path."""
    component = []
    while True:
        member = path.pop()
        on_path.discard(member)
        component.append(member)
        if member == node:
            return component


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
    """A shortest cycle through the first of `members`, which form one component; first and last are equal."""
    start, inside = members[0], set(members)
    came_from: dict[str, str] = {}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        for target in graph[node]:
            if target == start:
                path = [start, node]
                while path[-1] != start:
                    path.append(came_from[path[-1]])
                return path[::-1]
            if target in inside and target not in came_from:
                came_from[target] = node
                queue.append(target)
    raise ValueError(f"{start} is on no cycle")
