"""An order of tasks, against one that is built step by step from the definition."""

import pytest
from hypothesis import given

from tests.random_backlogs import RELAXED, graphs
from vtm.graph.levels import generations
from vtm.graph.order import Order, followers, ordered


def by_definition(graph):
    """Take the first node whose known dependencies are all taken, again and again."""
    taken = []
    while True:
        free = [
            node
            for node, targets in graph.items()
            if node not in taken and all(each in taken or each not in graph for each in targets)
        ]
        if not free:
            return Order(taken, [node for node in graph if node not in taken])
        taken.append(free[0])


@RELAXED
@given(graphs())
def test_order_is_what_the_definition_says(graph):
    assert ordered(graph) == by_definition(graph)


@RELAXED
@given(graphs())
def test_what_is_left_out_is_what_is_in_no_generation(graph):
    inside = {node for nodes in generations(graph) for node in nodes}
    assert set(ordered(graph).nodes) == inside


@RELAXED
@given(graphs())
def test_followers_are_the_dependencies_turned_round(graph):
    pairs = {(node, target) for node, targets in graph.items() for target in targets if target in graph}
    found = followers(graph)
    assert [(user, node) for node, users in found.items() for user in users] == sorted(
        pairs, key=lambda pair: (list(graph).index(pair[1]), list(graph).index(pair[0]))
    )


ORDERS = {
    "nothing": ({}, [], []),
    "free-as-declared": ({"B": [], "A": [], "C": []}, ["B", "A", "C"], []),
    "declared-in-order-stays": ({"A": [], "B": ["A"], "C": [], "D": ["C"]}, ["A", "B", "C", "D"], []),
    "declared-backwards": ({"C": ["B"], "B": ["A"], "A": []}, ["A", "B", "C"], []),
    "as-early-as-declared": ({"A": ["C"], "B": [], "C": []}, ["B", "C", "A"], []),
    "unknown": ({"A": ["X"], "B": ["A", "X"]}, ["A", "B"], []),
    "repeated": ({"A": [], "B": ["A", "A"]}, ["A", "B"], []),
    "self": ({"A": ["A"], "B": ["A"], "C": []}, ["C"], ["A", "B"]),
    "cycle-before-and-behind": (
        {"D": ["C"], "A": [], "B": ["A", "C"], "C": ["B"]},
        ["A"],
        ["D", "B", "C"],
    ),
}


@pytest.mark.parametrize(("graph", "nodes", "left_out"), ORDERS.values(), ids=ORDERS)
def test_order(graph, nodes, left_out):
    assert ordered(graph) == (nodes, left_out)
