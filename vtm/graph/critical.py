"""The heaviest chain of dependencies."""

from collections.abc import Mapping
from typing import NamedTuple

from vtm.graph.cycles import Dependencies
from vtm.graph.order import Order, followers


class Chain(NamedTuple):
    """Nodes of which each depends on the one before it, and the sum of their weights."""

    nodes: list[str]
    weight: int


def heaviest_chain(graph: Dependencies, order: Order, weights: Mapping[str, int]) -> Chain:
    """The chain with the largest sum of weights among the nodes of `order`, which belongs to `graph`.

    Of several it is the one that comes first when they are compared node by node, a node that `graph` names
    earlier being the smaller one. Weights are whole numbers, none negative, so that equal sums are equal.
    Time is linear; there is no recursion.

    Source: R. Sedgewick, K. Wayne, "Algorithms" (2011), section 4.4, longest paths in acyclic digraphs.
    """
    if not order.nodes:
        return Chain([], 0)
    below: dict[str, int] = {}
    follows: dict[str, str] = {}
    users = followers(graph)
    inside = set(order.nodes)
    for node in reversed(order.nodes):
        best = 0
        for user in users[node]:
            if user in inside and (node not in follows or below[user] > best):
                follows[node], best = user, below[user]
        below[node] = weights[node] + best
    start = max((node for node in graph if node in inside), key=below.__getitem__)
    path = [start]
    while path[-1] in follows:
        path.append(follows[path[-1]])
    return Chain(path, below[start])
