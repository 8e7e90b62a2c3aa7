"""Grades of tasks, the riskiest chain, and what should be decomposed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import backlog_of
from tests.graph.test_critical import chains
from tests.random_backlogs import NAMES, RELAXED, graphs
from tests.shared_data import json_of, shared_data
from vtm.graph.order import ordered
from vtm.graph.risk import all_graded, reasons_to_split, riskiest_chain
from vtm.model.grades import (
    IMPACT_TENTHS,
    SCOPE_COST,
    SCOPE_TOKENS,
    SUCCESS_PERCENT,
    Graded,
    Level,
    graded,
)
from vtm.model.status import Grade, Impact, Risk, Scope, Size
from vtm.model.task import Estimate, FileTask, Task

GRADED = {
    "manifest": (Task("A"), (Level.MEDIUM, Scope.MODERATE, Impact.ISOLATED, Size.M, True)),
    "manifest-high-small": (
        Task("A", risk=Risk.HIGH, est=Estimate(Size.S)),
        (Level.HIGH, Scope.NARROW, Impact.ISOLATED, Size.S, True),
    ),
    "manifest-low-large": (
        Task("A", risk=Risk.LOW, est=Estimate(Size.L)),
        (Level.LOW, Scope.BROAD, Impact.ISOLATED, Size.L, True),
    ),
    "manifest-with-all": (
        Task("A", grade=Grade.CRITICAL, scope=Scope.SINGLE, impact=Impact.PHASE),
        (Level.CRITICAL, Scope.SINGLE, Impact.PHASE, Size.M, False),
    ),
    "file": (FileTask("A"), (Level.UNSET, Scope.NARROW, Impact.ISOLATED, Size.M, False)),
    "file-with-all": (
        FileTask("A", grade=Grade.TRIVIAL, scope=Scope.SYSTEM, impact=Impact.PROJECT),
        (Level.TRIVIAL, Scope.SYSTEM, Impact.PROJECT, Size.L, False),
    ),
}


@pytest.mark.parametrize(("task", "expected"), GRADED.values(), ids=GRADED)
def test_a_task_as_the_analyses_see_it(task, expected):
    assert graded(task) == Graded(*expected)


def test_a_risk_that_cannot_be_read_is_unset():
    defect = {
        "damage": "GAP::SCHEMA",
        "message": "risk: 'huge' is not one of ...",
        "location": {"path": "m.json", "pointer": ["tasks", 0, "risk"]},
        "fix": "",
        "task_id": "A",
    }
    found = all_graded(backlog_of([{"task_id": "A"}, {"task_id": "B"}], defects=[defect]))
    assert [each.level for each in found.values()] == [Level.UNSET, Level.MEDIUM]
    assert [each.success for each in found.values()] == [0.8, 0.8]


def test_tables_are_those_of_the_case():
    expected = json_of(shared_data("taskgraph-cases/28-ts-numeric-tables.json"))["asserted"]
    assert {scope.value: cost for scope, cost in SCOPE_COST.items()} == expected["scope_cost"]
    assert {scope.value: tokens for scope, tokens in SCOPE_TOKENS.items()} == expected["scope_tokens"]
    success = {level.value: percent / 100 for level, percent in SUCCESS_PERCENT.items()}
    assert success.pop("unset") == success[expected["defaults"]["risk"]]
    assert success == expected["risk_success"]
    weights = {impact.value: tenths / 10 for impact, tenths in IMPACT_TENTHS.items()}
    assert weights == expected["impact_weight"]
    unset = graded(FileTask("A"))
    assert (unset.scope, unset.impact) == (expected["defaults"]["scope"], expected["defaults"]["impact"])


def test_tasks_to_decompose_are_those_of_the_case():
    case = json_of(shared_data("taskgraph-cases/27-ts-decompose-table.json"))
    found = []
    for row in case["input"]["rows"]:
        grade, scope = row.get("risk"), row.get("scope")
        task = FileTask("A", grade=Grade(grade) if grade else None, scope=Scope(scope) if scope else None)
        found.append(reasons_to_split(graded(task)))
    assert [bool(each) for each in found] == case["asserted"]["flagged"]
    assert [len(each) for each in found] == case["asserted"]["reasons_count"]


REASONS = {
    "both": (FileTask("A", grade=Grade.HIGH, scope=Scope.BROAD), ["risk: high", "scope: broad"]),
    "neither": (FileTask("A", grade=Grade.MEDIUM, scope=Scope.MODERATE), []),
    "manifest": (Task("A", risk=Risk.HIGH, est=Estimate(Size.L)), ["risk: high", "size: L"]),
    "manifest-medium": (Task("A"), []),
    "manifest-with-a-scope": (Task("A", est=Estimate(Size.L), scope=Scope.SINGLE), []),
}


@pytest.mark.parametrize(("task", "expected"), REASONS.values(), ids=REASONS)
def test_reasons_to_decompose(task, expected):
    assert reasons_to_split(graded(task)) == expected


TASKS = st.builds(
    FileTask,
    st.just("x"),
    grade=st.none() | st.sampled_from(Grade),
    impact=st.none() | st.sampled_from(Impact),
)


@RELAXED
@given(graphs(), st.fixed_dictionaries(dict.fromkeys(NAMES, TASKS)))
def test_no_chain_carries_more_risk(graph, tasks):
    grades = {name: graded(task) for name, task in tasks.items()}
    order = ordered(graph)
    sums = [
        sum((1 - grades[node].success) * grades[node].weight for node in chain)
        for chain in chains(graph, order.nodes)
    ]
    found = riskiest_chain(graph, order, grades)
    assert found.weight / 1000 == pytest.approx(max(sums, default=0))
    assert found.weight == sum(grades[node].exposure for node in found.nodes)
