"""Expected costs: both models, and the effect of parents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.random_backlogs import NAMES, RELAXED, graphs
from tests.shared_data import json_of, shared_data
from vtm.graph.cost import Extras, effective, propagated, simple, with_retries
from vtm.graph.order import ordered

RETRIES = {
    "critical": (0.5, 2, 1, 12.25),
    "high": (0.65, 2, 1, 5.94625),
    "medium": (0.8, 2, 1, 3.04),
    "low": (0.9, 2, 1, 2.29),
    "certain": (1, 2, 1, 2),
    "hopeless": (0, 2, 1, 76),
    "weighs-more": (0.8, 2, 3, 9.12),
}


@pytest.mark.parametrize(("success", "cost", "weight", "expected"), RETRIES.values(), ids=RETRIES)
def test_with_retries(success, cost, weight, expected):
    assert with_retries(success, cost, weight) == pytest.approx(expected)


@given(st.floats(0.01, 1), st.floats(0, 10), st.floats(0, 10))
def test_it_is_the_formula_as_it_is_written(success, cost, weight):
    at_last = 1 - (1 - success) ** 3
    again = sum(k * success * (1 - success) ** k for k in (0, 1, 2)) / at_last
    expected = weight * (at_last * cost * (1 + again) + (1 - at_last) * (3 * cost + 70))
    assert with_retries(success, cost, weight) == pytest.approx(expected)


SIMPLE = {
    "nothing-set": (0.8, 3, 1.5, Extras(), 4.5),
    "value-rate": (0.8, 3, 1, Extras(value_rate=100), 300),
    "value-rate-of-nothing": (0.8, 3, 1, Extras(value_rate=0), 0),
    "fallback": (0.5, 2, 1, Extras(fallback_cost=20), 12),
    "fallback-before-lost-time": (0, 3, 1.5, Extras(fallback_cost=10, time_lost=5), 14.5),
    "free-fallback": (0.5, 2, 1, Extras(fallback_cost=0, time_lost=5), 2),
    "lost-time": (0.5, 2, 1, Extras(time_lost=5), 4.5),
    "retries": (0.2, 2, 1, Extras(retries=2, time_lost=5), 10),
    "retries-that-lose-nothing": (0.2, 2, 1, Extras(retries=2), 2),
}


@pytest.mark.parametrize(("success", "cost", "weight", "extras", "expected"), SIMPLE.values(), ids=SIMPLE)
def test_simple(success, cost, weight, extras, expected):
    assert simple(success, cost, weight, extras) == pytest.approx(expected)


def test_simple_costs_are_those_of_the_case():
    case = json_of(shared_data("taskgraph-cases/30-ts-ev-table.json"))
    names = {
        "valueRate": "value_rate",
        "fallbackCost": "fallback_cost",
        "retries": "retries",
        "timeLost": "time_lost",
    }
    found = [
        simple(success, cost, weight, Extras(**{names[key]: value for key, value in more.items()}))
        for success, cost, weight, more in case["input"]["rows"]
    ]
    assert found == pytest.approx(case["asserted"]["ev"])


def test_effects_of_parents_are_those_of_the_case():
    case = json_of(shared_data("taskgraph-cases/29-ts-effective-p.json"))
    found = [effective(row["p"], row["parents"]) for row in case["input"]["rows"]]
    assert found == pytest.approx(case["asserted"]["pEff"])


PROPAGATED = {
    "alone": ({"A": []}, {"A": 0.8}),
    "parents-under-their-parents": (
        {"A": [], "B": ["A"], "C": ["B"], "D": ["C"]},
        {"A": 0.8, "B": 0.784, "C": 0.78272, "D": 0.7826176},
    ),
    "two-parents": (
        {"A": [], "B": ["A"], "C": ["A"], "D": ["B", "C"]},
        {"A": 0.8, "B": 0.784, "C": 0.784, "D": 0.765813248},
    ),
    "declared-backwards": ({"B": ["A"], "A": []}, {"A": 0.8, "B": 0.784}),
    "repeated-and-unknown": ({"A": [], "B": ["A", "X", "A"]}, {"A": 0.8, "B": 0.784}),
    "cycle": ({"A": ["B"], "B": ["A"], "C": ["A"], "D": []}, {"D": 0.8}),
}


@pytest.mark.parametrize(("graph", "expected"), PROPAGATED.values(), ids=PROPAGATED)
def test_propagated(graph, expected):
    assert propagated(graph, ordered(graph), dict.fromkeys(graph, 0.8)) == pytest.approx(expected)


def test_retention_and_what_has_succeeded():
    graph, own = {"A": [], "B": ["A"], "C": ["B"]}, {"A": 0.65, "B": 0.8, "C": 0.8}
    order = ordered(graph)
    assert propagated(graph, order, own, retention=0.5)["B"] == pytest.approx(0.66)
    assert propagated(graph, order, own, retention=1) == own
    assert propagated(graph, order, own, {"B"}) == pytest.approx({"A": 0.65, "B": 1, "C": 0.8})


@RELAXED
@given(graphs(), st.fixed_dictionaries({name: st.floats(0, 1) for name in NAMES}), st.floats(0, 1))
def test_parents_only_ever_lower_a_chance(graph, own, retention):
    found = propagated(graph, ordered(graph), own, retention=retention)
    assert all(0 <= chance <= own[node] for node, chance in found.items())
    free = [node for node in found if not any(target in graph for target in graph[node])]
    assert all(found[node] == own[node] for node in free)
