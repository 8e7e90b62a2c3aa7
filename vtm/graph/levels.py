"""Generations: how many steps a task is away from the start."""

from vtm.graph.cycles import Dependencies


def generations(graph: Dependencies) -> list[list[str]]:
    """Nodes by the length of their longest chain of dependencies, each generation in the order of `graph`.

    Generation 0 depends on nothing. Nodes on or behind a cycle are in none; unknown ids count as met.
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
    order = {node: place for place, node in enumerate(graph)}
    found = []
    current = [node for node, count in waiting.items() if not count]
    while current:
        found.append(current)
        following = []
        for node in current:
            for user in users.get(node, ()):
                waiting[user] -= 1
                if not waiting[user]:
                    following.append(user)
        current = sorted(following, key=order.__getitem__)
    return found


def depth(graph: Dependencies) -> int:
    """Length in nodes of the longest chain of dependencies; nodes on or behind a cycle do not count."""
    return len(generations(graph))
