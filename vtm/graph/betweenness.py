"""Bottlenecks: how many shortest ways through a graph lead over a node."""

from vtm.graph.cycles import Dependencies
from vtm.graph.order import followers

EXACT_UP_TO = 20_000
"""Nodes beyond which nobody should start this unasked: time grows with nodes times edges."""


def betweenness(graph: Dependencies) -> dict[str, float]:
    """The share of ordered pairs of other nodes whose shortest ways lead over a node, between 0 and 1.

    A pair with several shortest ways counts by the share of them. Ways go from a node to those that depend
    on it; unknown ids, repeated edges and dependencies on oneself do not count. Time is nodes times edges,
    memory linear; there is no recursion.

    Source: U. Brandes, "A faster algorithm for betweenness centrality", J. Math. Sociol. 25 (2001).
    """
    names = list(graph)
    number = {node: at for at, node in enumerate(names)}
    following = [[number[user] for user in users if user != node] for node, users in followers(graph).items()]
    scores = [0.0] * len(names)
    for source in range(len(names)):
        if following[source]:
            _add_ways_from(source, following, scores)
    pairs = (len(names) - 1) * (len(names) - 2)
    return {node: scores[at] / pairs if pairs > 0 else 0.0 for node, at in number.items()}


def _add_ways_from(source: int, following: list[list[int]], scores: list[float]) -> None:
    """Add to each node's score what pairs that begin at `source` give it."""
    distance = {source: 0}
    ways = {source: 1}
    before: dict[int, list[int]] = {source: []}
    reached = [source]
    for node in reached:
        farther, here = distance[node] + 1, ways[node]
        for target in following[node]:
            known = distance.get(target)
            if known is None:
                distance[target], ways[target], before[target] = farther, here, [node]
                reached.append(target)
            elif known == farther:
                ways[target] += here
                before[target].append(node)
    credit = dict.fromkeys(reached, 0.0)
    for node in reversed(reached[1:]):
        own = credit[node]
        scores[node] += own
        for each in before[node]:
            # whole numbers are divided first: there may be more ways than a float can count
            credit[each] += ways[each] / ways[node] * (1.0 + own)
