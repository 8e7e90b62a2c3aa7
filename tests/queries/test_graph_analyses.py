"""Answers of analyses: what is in them, in which order, and what is left out of them."""

import pytest
from hypothesis import given

from tests.asking import DONE, GONE, HIGH, LOW, asked, finding, names, task
from tests.builders import backlog_of
from tests.random_backlogs import RELAXED, backlogs
from vtm.graph.lookup import dependencies
from vtm.graph.order import ordered
from vtm.graph.readiness import Readiness
from vtm.model.settings import Minutes
from vtm.queries.graph_bottleneck import bottlenecks
from vtm.queries.graph_chain import By, critical_path, risk_path
from vtm.queries.graph_cost import Model, Question, cost_estimate
from vtm.queries.graph_order import Knot, cycle_list, task_generations, task_order
from vtm.queries.graph_risk import decomposition, risk_distribution

SMALL, LARGE = {"est": {"size": "S"}}, {"est": {"size": "L"}}
KNOT = [task("A", "B"), task("B", "A"), task("C", "B"), task("D"), task("E", "D", "X"), task("F", "F")]


def costs(backlog, readiness, **question):
    return cost_estimate(backlog, readiness, Question(**question))


def critical(backlog, readiness, by=By.COUNT):
    return critical_path(backlog, readiness, Minutes(), by)


ANSWERS = {
    "order": task_order,
    "generations": task_generations,
    "cycles": lambda backlog, _: cycle_list(backlog),
    "critical": critical,
    "bottleneck": bottlenecks,
    "risk-path": risk_path,
    "cost": costs,
    "cost-propagated": lambda backlog, readiness: costs(backlog, readiness, propagate=True),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_what_is_on_or_behind_a_cycle_is_left_out(name):
    assert asked(ANSWERS[name], KNOT).left_out == ["A", "B", "C", "F"]


@RELAXED
@given(backlogs())
def test_answers_hold_each_task_once_or_leave_it_out(backlog):
    readiness, everything = Readiness(backlog), [each.task_id for each in backlog.tasks]
    left_out = ordered(dependencies(backlog)).left_out
    for answer in (
        task_order(backlog, readiness),
        bottlenecks(backlog, readiness),
        costs(backlog, readiness, everything=True),
        costs(backlog, readiness, everything=True, propagate=True),
    ):
        assert answer.left_out == left_out
        assert sorted(names(answer.tasks) + left_out) == sorted(everything)
        assert (answer.total, answer.truncated) == (len(answer.tasks), False)
    shares = risk_distribution(backlog).risks
    assert sorted(each for share in shares for each in share.task_ids) == sorted(everything)
    assert sum(share.share for share in shares) == pytest.approx(1 if everything else 0)


@pytest.mark.parametrize("name", ANSWERS)
def test_an_empty_backlog_has_an_empty_answer(name):
    answer = asked(ANSWERS[name], [])
    assert (answer.total, answer.returned, answer.left_out) == (0, 0, [])


def test_findings_go_along():
    found = [finding("GAP::TASK-DEP-CYCLE", "A", "B")]
    for query in (task_order, task_generations, bottlenecks, risk_path, decomposition):
        assert asked(query, KNOT, None, found).findings == found


def test_steps_have_title_and_status():
    answer = asked(task_order, [task("B", "A"), task("A", title="First")], {"A": DONE})
    assert [(each.task_id, each.title, each.status) for each in answer.tasks] == [
        ("A", "First", "completed"),
        ("B", "", "pending"),
    ]


def test_cycles_stand_as_declared_those_of_one_task_too():
    tasks = [task("Z", "Z"), *KNOT, task("G", "H", "G"), task("H", "G")]
    answer = cycle_list(backlog_of(tasks))
    assert answer.cycles == [
        Knot(["Z", "Z"], ["Z"]),
        Knot(["A", "B", "A"], ["A", "B"]),
        Knot(["F", "F"], ["F"]),
        Knot(["G", "H", "G"], ["G", "H"]),
    ]
    assert answer.left_out == ["Z", "A", "B", "C", "F", "G", "H"]


CHAINS = {
    By.COUNT: (["A", "B", "C"], 45),
    By.ESTIMATE: (["A", "L"], 75),
}


@pytest.mark.parametrize(("by", "expected"), CHAINS.items())
def test_a_chain_is_long_by_count_or_by_estimate(by, expected):
    tasks = [task("A", **SMALL), task("B", "A", **SMALL), task("C", "B", **SMALL), task("L", "A", **LARGE)]
    answer = asked(critical, tasks, None, by)
    assert (names(answer.tasks), answer.minutes) == expected
    assert (answer.by, answer.total) == (by, len(answer.tasks))


def test_estimates_are_those_of_the_settings():
    backlog = backlog_of([task("A", **SMALL), task("B", "A"), task("C", "B", **LARGE)])
    answer = critical_path(backlog, Readiness(backlog), Minutes(S=1, M=20, L=300))
    assert ([each.minutes for each in answer.tasks], answer.minutes) == ([1, 20, 300], 321)


def test_bottlenecks_come_worst_first_and_equals_as_declared():
    tasks = [task("A"), task("B", "A"), task("D", "C"), task("C", "B"), task("E")]
    answer = asked(bottlenecks, tasks)
    assert names(answer.tasks) == ["B", "C", "A", "D", "E"]
    assert [each.score for each in answer.tasks] == pytest.approx([2 / 12, 2 / 12, 0, 0, 0])


def test_risks_stand_from_critical_to_unset_those_that_no_task_has_too():
    tasks = [task("A", **HIGH), task("B"), task("C", **LOW), task("D", **HIGH), task("E", grade="critical")]
    found = risk_distribution(backlog_of(tasks))
    assert [(each.risk, each.count, each.share, each.task_ids) for each in found.risks] == [
        ("critical", 1, 0.2, ["E"]),
        ("high", 2, 0.4, ["A", "D"]),
        ("medium", 1, 0.2, ["B"]),
        ("low", 1, 0.2, ["C"]),
        ("trivial", 0, 0, []),
        ("unset", 0, 0, []),
    ]
    assert found.tasks == 5


def test_risk_weighs_by_impact():
    tasks = [task("A", **HIGH), task("B", impact="project", grade="low"), task("C", "A"), task("D", "B")]
    answer = asked(risk_path, tasks)
    assert [(each.task_id, each.exposure) for each in answer.tasks] == [("A", 0.35), ("C", 0.2)]
    assert answer.exposure == 0.55
    heavier = asked(risk_path, [*tasks, task("E", "D", impact="phase", **LOW)])
    assert (names(heavier.tasks), heavier.exposure) == (["B", "D", "E"], 0.7)


def test_tasks_to_decompose_have_their_reasons():
    tasks = [task("A", **HIGH, **LARGE), task("B"), task("C", **LARGE), task("D", scope="system", **SMALL)]
    found = asked(decomposition, tasks)
    assert [(each.task_id, each.reasons) for each in found.tasks] == [
        ("A", ["risk: high", "size: L"]),
        ("C", ["size: L"]),
        ("D", ["scope: system"]),
    ]


COSTLY = [
    task("A", scope="narrow", **HIGH),
    task("B", "A", scope="narrow", impact="project", **LOW),
    task("C", "A", scope="narrow"),
    task("D", scope="narrow", grade="critical"),
]


def test_costs_come_dearest_first_with_total_and_mean():
    answer = asked(costs, COSTLY)
    assert [(each.task_id, each.cost) for each in answer.tasks] == [
        ("D", 12.25),
        ("B", 6.87),
        ("A", 5.94625),
        ("C", 3.04),
    ]
    assert (answer.cost, answer.mean, answer.tokens) == (28.10625, 7.0265625, 6000)


def test_finished_tasks_cost_nothing_more_unless_all_are_asked_for():
    state = {"A": DONE, "D": GONE}
    left = asked(costs, COSTLY, state)
    assert (names(left.tasks), left.finished) == (["B", "C"], 2)
    everything = asked(costs, COSTLY, state, everything=True)
    assert (everything.total, everything.finished) == (4, 0)


def test_the_simple_model_is_scope_times_impact():
    answer = asked(costs, COSTLY, model=Model.SIMPLE)
    assert {each.task_id: each.cost for each in answer.tasks} == {"A": 2, "B": 6, "C": 2, "D": 2}


def test_parents_lower_the_chances_of_their_dependents_until_they_are_completed():
    chances = {each.task_id: each.success for each in asked(costs, COSTLY, propagate=True).tasks}
    assert chances == {"A": 0.65, "B": 0.8685, "C": 0.772, "D": 0.5}
    later = asked(costs, COSTLY, {"A": DONE}, propagate=True)
    assert {each.task_id: each.success for each in later.tasks} == {"B": 0.9, "C": 0.8, "D": 0.5}
    as_planned = asked(costs, COSTLY, {"A": DONE}, propagate=True, everything=True)
    assert {each.task_id: each.success for each in as_planned.tasks} == chances
