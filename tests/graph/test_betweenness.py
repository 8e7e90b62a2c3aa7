"""Betweenness, against all shortest ways written out."""

from itertools import permutations

import pytest
from hypothesis import given

from tests.random_backlogs import RELAXED, graphs
from vtm.graph.betweenness import betweenness


def shortest_ways(graph, start, end):
    """Every shortest way from `start` to `end` along dependents."""
    ways = [[start]]
    while ways:
        there = [way for way in ways if way[-1] == end]
        if there:
            return there
        ways = [
            [*way, node]
            for way in ways
            for node, targets in graph.items()
            if way[-1] in targets and node not in way
        ]
    return []


def by_definition(graph):
    scores = dict.fromkeys(graph, 0.0)
    for start, end in permutations(graph, 2):
        ways = shortest_ways(graph, start, end)
        for way in ways:
            for node in way[1:-1]:
                scores[node] += 1 / len(ways)
    pairs = max((len(graph) - 1) * (len(graph) - 2), 1)
    return {node: score / pairs for node, score in scores.items()}


@RELAXED
@given(graphs())
def test_scores_are_what_the_definition_says(graph):
    found = betweenness(graph)
    assert list(found) == list(graph)
    assert found == pytest.approx(by_definition(graph), abs=1e-9)
    assert all(0 <= score <= 1 + 1e-12 for score in found.values())


SCORES = {
    "nothing": ({}, {}),
    "alone": ({"A": []}, {"A": 0}),
    "two": ({"A": [], "B": ["A"]}, {"A": 0, "B": 0}),
    "middle": ({"A": [], "B": ["A"], "C": ["B"]}, {"A": 0, "B": 1 / 2, "C": 0}),
    "chain": ({"A": [], "B": ["A"], "C": ["B"], "D": ["C"]}, {"A": 0, "B": 1 / 3, "C": 1 / 3, "D": 0}),
    "diamond": (
        {"A": [], "B": ["A"], "C": ["A"], "D": ["B", "C"]},
        {"A": 0, "B": 1 / 12, "C": 1 / 12, "D": 0},
    ),
    "short-way-beside-a-long-one": ({"A": [], "B": ["A"], "C": ["A", "B"]}, {"A": 0, "B": 0, "C": 0}),
    "unknown-repeated-self": ({"A": ["X", "A"], "B": ["A", "A"], "C": ["B"]}, {"A": 0, "B": 1 / 2, "C": 0}),
    "cycle": ({"A": ["C"], "B": ["A"], "C": ["B"]}, {"A": 1 / 2, "B": 1 / 2, "C": 1 / 2}),
}


@pytest.mark.parametrize(("graph", "scores"), SCORES.values(), ids=SCORES)
def test_betweenness(graph, scores):
    assert betweenness(graph) == pytest.approx(scores)


def test_more_ways_than_a_float_can_count():
    graph, before = {"start": []}, ["start"]
    for number in range(1100):
        pair = [f"a{number}", f"b{number}"]
        graph |= dict.fromkeys(pair, before)
        before = pair
    found = betweenness(graph)
    assert all(0 <= score <= 1 for score in found.values())
    assert found["a500"] == pytest.approx(found["b500"])
    assert found["a500"] > found["a1"]
