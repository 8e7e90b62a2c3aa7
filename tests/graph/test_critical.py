"""The heaviest chain, against a search over all chains."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.random_backlogs import NAMES, RELAXED, graphs
from vtm.graph.critical import Chain, heaviest_chain
from vtm.graph.order import ordered

WEIGHTS = st.fixed_dictionaries({name: st.integers(0, 3) for name in NAMES})


def chains(graph, nodes):
    """Every chain of dependencies among `nodes`."""
    found, longer = [], [[node] for node in nodes]
    while longer:
        found += longer
        longer = [[*chain, node] for chain in longer for node in nodes if chain[-1] in graph[node]]
    return found


@RELAXED
@given(graphs(), WEIGHTS)
def test_no_chain_is_heavier(graph, weights):
    order = ordered(graph)
    found = heaviest_chain(graph, order, weights)
    sums = [sum(weights[node] for node in chain) for chain in chains(graph, order.nodes)]
    assert found.weight == max(sums, default=0) == sum(weights[node] for node in found.nodes)
    assert all(before in graph[node] for before, node in pairwise(found.nodes))


@RELAXED
@given(graphs())
def test_of_equals_it_is_the_one_declared_first(graph):
    order, place = ordered(graph), {node: at for at, node in enumerate(graph)}
    every = chains(graph, order.nodes)
    longest = [chain for chain in every if len(chain) == max(map(len, every))]
    first = min(longest, key=lambda chain: [place[node] for node in chain], default=[])
    assert heaviest_chain(graph, order, dict.fromkeys(graph, 1)).nodes == first


CHAINS = {
    "nothing": ({}, {}, [], 0),
    "alone": ({"A": []}, {"A": 2}, ["A"], 2),
    "long-and-light": ({"A": [], "B": ["A"], "C": ["B"], "D": []}, {"D": 9}, ["D"], 9),
    "tie": ({"A": [], "C": ["A"], "B": ["A"]}, {}, ["A", "C"], 2),
    "cycle": ({"A": ["B"], "B": ["A"], "C": ["B"], "D": []}, {}, ["D"], 1),
    "only-a-cycle": ({"A": ["B"], "B": ["A"]}, {}, [], 0),
    "repeated": ({"A": [], "B": ["A", "A"]}, {}, ["A", "B"], 2),
    "unknown": ({"A": ["X"], "B": ["A"]}, {}, ["A", "B"], 2),
}


@pytest.mark.parametrize(("graph", "weights", "nodes", "weight"), CHAINS.values(), ids=CHAINS)
def test_chain(graph, weights, nodes, weight):
    whole = {**dict.fromkeys(graph, 1), **weights}
    assert heaviest_chain(graph, ordered(graph), whole) == Chain(nodes, weight)
