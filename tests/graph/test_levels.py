"""Generations and depth against longest chains worked out one by one."""

import pytest
from hypothesis import given

from tests.random_backlogs import RELAXED, graphs
from vtm.graph.levels import depth, generations


def longest(graph, node, above=()):
    """Length of the longest chain below `node`; None where one comes to a cycle."""
    if node in above:
        return None
    lengths = [longest(graph, target, (*above, node)) for target in graph[node] if target in graph]
    if None in lengths:
        return None
    return max((length + 1 for length in lengths), default=0)


@RELAXED
@given(graphs())
def test_a_node_is_in_the_generation_that_its_longest_chain_says(graph):
    levels = {node: longest(graph, node) for node in graph}
    found = generations(graph)
    assert {node: number for number, nodes in enumerate(found) for node in nodes} == {
        node: level for node, level in levels.items() if level is not None
    }
    order = list(graph)
    assert all(nodes == sorted(nodes, key=order.index) for nodes in found)
    assert all(found)


@RELAXED
@given(graphs())
def test_depth_is_the_length_of_the_longest_chain_of_all(graph):
    levels = [level for node in graph if (level := longest(graph, node)) is not None]
    assert depth(graph) == max((level + 1 for level in levels), default=0)


GENERATIONS = {
    "nothing": ({}, []),
    "alone": ({"A": []}, [["A"]]),
    "chain-declared-backwards": ({"C": ["B"], "B": ["A"], "A": []}, [["A"], ["B"], ["C"]]),
    "diamond": (
        {"D": ["B", "C"], "C": ["A"], "B": ["A"], "A": []},
        [["A"], ["C", "B"], ["D"]],
    ),
    "long-way-and-short-way": ({"A": [], "B": ["A"], "C": ["A", "B"]}, [["A"], ["B"], ["C"]]),
    "unknown-counts-as-met": ({"A": ["X"], "B": ["A", "X"]}, [["A"], ["B"]]),
    "repeated": ({"A": [], "B": ["A", "A"]}, [["A"], ["B"]]),
    "self": ({"A": ["A"], "B": ["A"], "C": []}, [["C"]]),
    "cycle-and-behind": ({"A": ["B"], "B": ["A"], "C": ["B"], "D": []}, [["D"]]),
    "before-a-cycle": ({"A": [], "B": ["A", "C"], "C": ["B"]}, [["A"]]),
}


@pytest.mark.parametrize(("graph", "expected"), GENERATIONS.values(), ids=GENERATIONS)
def test_generations(graph, expected):
    assert generations(graph) == expected
    assert depth(graph) == len(expected)
