"""An order in which tasks can be done."""

from heapq import heappop, heappush
from typing import NamedTuple

from vtm.graph.cycles import Dependencies


class Order(NamedTuple):
    """Nodes in an order in which each comes behind all that it depends on.

    Attributes:
        nodes: Of those that are free at the same time, the one that `graph` names first comes first.
        left_out: Those on or behind a cycle, themselves included, in the order of `graph`.
    """

    nodes: list[str]
    left_out: list[str]


def ordered(graph: Dependencies) -> Order:
    """Put nodes in order; unknown ids count as met.

    Time is linear in the edges and n log n in the nodes; there is no recursion.

    Source: A. B. Kahn, "Topological sorting of large networks", Comm. ACM 5 (1962).
    """
    names = list(graph)
    users = followers(graph)
    waiting = dict.fromkeys(names, 0)
    for each in users.values():
        for user in each:
            waiting[user] += 1
    place = {node: number for number, node in enumerate(names)}
    free = [place[node] for node in names if not waiting[node]]
    found = []
    while free:
        node = names[heappop(free)]
        found.append(node)
        for user in users[node]:
            waiting[user] -= 1
            if not waiting[user]:
                heappush(free, place[user])
    return Order(found, [node for node in names if waiting[node]])


def followers(graph: Dependencies) -> dict[str, list[str]]:
    """For each node those that depend on it, each once, in the order of `graph`."""
    users: dict[str, list[str]] = {node: [] for node in graph}
    for node, targets in graph.items():
        for target in dict.fromkeys(targets):
            if target in users:
                users[target].append(node)
    return users
