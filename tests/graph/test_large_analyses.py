"""Analyses of 100,000 tasks, whatever their shape, without recursion."""

import msgspec
import pytest

from tests.graph.test_large import MANY, SHAPES, no_recursion
from vtm.graph.betweenness import betweenness
from vtm.graph.lookup import dependencies
from vtm.graph.readiness import Readiness
from vtm.model.settings import Minutes
from vtm.model.status import Risk
from vtm.queries.graph_bottleneck import bottlenecks
from vtm.queries.graph_chain import By, critical_path, risk_path
from vtm.queries.graph_cost import Question, cost_estimate
from vtm.queries.graph_order import cycle_list, task_generations, task_order
from vtm.queries.graph_risk import decomposition, risk_distribution

pytestmark = pytest.mark.no_cover


@pytest.mark.parametrize("count", [20_000, pytest.param(MANY, marks=pytest.mark.soak)])
@pytest.mark.parametrize("shape", SHAPES)
def test_analyses_are_made(shape, count):
    backlog = SHAPES[shape](count)
    readiness = Readiness(backlog)
    inside = 0 if shape == "cycle" else count
    with no_recursion():
        order = task_order(backlog, readiness)
        assert (order.total, len(order.left_out)) == (inside, count - inside)
        assert task_generations(backlog, readiness).tasks == inside
        assert cycle_list(backlog).total == (shape == "cycle")
        for by in By:
            assert bool(critical_path(backlog, readiness, Minutes(), by).tasks) == bool(inside)
        assert bool(risk_path(backlog, readiness).tasks) == bool(inside)
        cost = cost_estimate(backlog, readiness, Question(propagate=True))
        assert cost.total + cost.finished == inside
        assert risk_distribution(backlog).tasks == count
        high = sum(task.risk is Risk.HIGH for task in backlog.tasks)
        assert decomposition(backlog, readiness).total == high
        assert msgspec.json.encode(order)


def test_a_chain_has_its_bottleneck_in_the_middle():
    backlog = SHAPES["behind-abandoned"](501)
    with no_recursion():
        scores = list(betweenness(dependencies(backlog)).values())
        assert max(scores) == scores[250] == 250 * 250 / (500 * 499)
        assert bottlenecks(backlog, Readiness(backlog)).tasks[0].task_id == backlog.tasks[250].task_id
