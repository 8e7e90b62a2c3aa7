"""Generations: how many steps a task is away from the start."""

from vtm.graph.cycles import Dependencies


def generations(graph: Dependencies) -> list[list[str]]:
    """Nodes by the length of their longest chain of dependencies, each generation in the order of `graph`.

    Generation 0 depends on nothing. Nodes on or behind a cycle, themselves included, are in none; unknown ids
    count as met.
    The number of generations is the depth. Time is linear.

    Source: A. B. Kahn, "Topological sorting of large networks", Comm. ACM 5 (1962).
    """
    waiting: dict[str, int] = {}
    users: dict[str, list[str]] = {}
    for node, targets in graph.items():
        known = [target for target in targets if target in graph]
        waiting[node] = len(known)
        for target in known:
            users.setdefault(target, []).append(node)
    level = {node: 0 for node, count in waiting.items() if not count}
    reached = list(level)
    for node in reached:
        for user in users.get(node, ()):
            waiting[user] -= 1
            if not waiting[user]:
                level[user] = level[node] + 1
                reached.append(user)
    found: list[list[str]] = [[] for _ in range(level[reached[-1]] + 1)] if reached else []
    for node in graph:
        if node in level:
            found[level[node]].append(node)
    return found


def depth(graph: Dependencies) -> int:
    """Length in nodes of the longest chain of dependencies; nodes on or behind a cycle do not count."""
    return len(generations(graph))
