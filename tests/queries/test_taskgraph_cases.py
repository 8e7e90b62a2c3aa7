"""Cases of another tool's tests: what they assert of analyses, and what that tool answered."""

from io import StringIO

import frontmatter
import msgspec
import pytest

from tests.asking import names
from tests.shared_data import FOLDER, json_of, shared_data
from vtm.graph.lookup import dangling
from vtm.graph.readiness import Readiness
from vtm.model.backlog import Backlog
from vtm.model.settings import Minutes
from vtm.model.state import State
from vtm.model.task import FileTask, Manifest
from vtm.queries.graph_bottleneck import bottlenecks
from vtm.queries.graph_chain import critical_path, risk_path
from vtm.queries.graph_cost import Question, cost_estimate
from vtm.queries.graph_order import cycle_list, task_generations, task_order
from vtm.queries.graph_risk import decomposition, risk_distribution

CASES = {path.stem: json_of(path) for path in sorted((FOLDER / "taskgraph-cases").glob("*.json"))}
MARKDOWN = [name for name, case in CASES.items() if case["kind"] == "markdown"]
ANSWERED = [
    name
    for name, case in CASES.items()
    if "ts" in case.get("original_output", {}) and not case["asserted"].get("has_cycles")
]
COSTS = ["01-tg-basic-three-tasks", "04-tg-risk-distribution"]


def backlog_of_case(case):
    """The tasks of a case in the order of their files."""
    tasks = []
    for _, text in sorted(case["input"]["files"].items()):
        head = frontmatter.load(StringIO(text)).metadata
        if "id" in head:
            fields = {
                "task_id": head["id"],
                "title": head.get("name", ""),
                "declared_status": head.get("status", "pending"),
                "depends_on_tasks": head.get("depends_on") or head.get("dependsOn") or [],
                "grade": head.get("risk"),
                "scope": head.get("scope"),
                "impact": head.get("impact"),
            }
            tasks.append(msgspec.convert(fields, FileTask))
    return Backlog(Manifest(tuple(tasks)), State({}))


def asserted_of_order(expected, backlog, readiness):
    order = names(task_order(backlog, readiness).tasks)
    for before, after in expected.get("topo_before", ()):
        assert order.index(before) < order.index(after)
    if "topo" in expected:
        assert (order, expected["topo"]) == ([], None)
    if "parallel_groups" in expected:
        found = task_generations(backlog, readiness).generations
        assert [names(each.tasks) for each in found] == expected["parallel_groups"]
    missing = {task.task_id: [each for _, each in dangling(task, backlog)] for task in backlog.tasks}
    if "missing_dependencies" in expected:
        assert missing == expected["missing_dependencies"]
    for name, needs in expected.get("deps", {}).items():
        assert list(backlog[name].depends_on_tasks) == needs


def asserted_of_cycles(expected, backlog):
    found = cycle_list(backlog)
    if "cycles" in expected:
        assert found.cycles == expected["cycles"]
    if "has_cycles" in expected:
        assert bool(found.total) is expected["has_cycles"]
    if "cycle_count" in expected:
        assert found.total == expected["cycle_count"]
    if "cycle_members" in expected:
        assert list(found.cycles[0].members) == expected["cycle_members"]


def asserted_of_chains(expected, backlog, readiness):
    chain = critical_path(backlog, readiness, Minutes())
    if "critical_path" in expected:
        assert names(chain.tasks) == expected["critical_path"]
    if "critical_path_len" in expected:
        assert chain.total == expected["critical_path_len"]
    scores = {each.task_id: each.score for each in bottlenecks(backlog, readiness).tasks}
    assert scores.keys() >= set(expected.get("bottleneck_contains", ()))
    assert all(scores[name] > 0 for name in expected.get("bottleneck_positive", ()))
    assert all(scores[name] == 0 for name in expected.get("bottleneck_zero", ()))
    wanted = expected.get("bottleneck_order", [])
    assert list(scores)[: len(wanted)] == wanted


def asserted_of_risk(expected, backlog, readiness):
    if "risk_counts" in expected:
        counts = {each.risk.value: each.count for each in risk_distribution(backlog).risks}
        assert {**counts, "unspecified": counts["unset"]}.items() >= expected["risk_counts"].items()
    found = {each.task_id: each.reasons for each in decomposition(backlog, readiness).tasks}
    if "decompose" in expected:
        assert found == (expected["decompose"] or {})
    assert not set(expected.get("not_flagged", ())) & set(found)


@pytest.mark.parametrize("name", MARKDOWN)
def test_what_a_case_asserts_holds(name):
    backlog, expected = backlog_of_case(CASES[name]), CASES[name]["asserted"]
    readiness = Readiness(backlog)
    asserted_of_order(expected, backlog, readiness)
    asserted_of_cycles(expected, backlog)
    asserted_of_chains(expected, backlog, readiness)
    asserted_of_risk(expected, backlog, readiness)


@pytest.mark.parametrize("name", ANSWERED)
def test_what_the_other_tool_answered_is_answered(name):
    other = CASES[name]["original_output"]["ts"]
    backlog = backlog_of_case(CASES[name])
    readiness = Readiness(backlog)
    assert names(critical_path(backlog, readiness, Minutes()).tasks) == other["critical_path"]
    riskiest = risk_path(backlog, readiness)
    assert names(riskiest.tasks) == other["risk_path"]["path"]
    assert riskiest.exposure == pytest.approx(other["risk_path"]["totalRisk"])
    scores = {each.task_id: each.score for each in bottlenecks(backlog, readiness).tasks}
    assert scores == pytest.approx({each["taskId"]: each["score"] for each in other["bottlenecks"]})
    cost = cost_estimate(backlog, readiness, Question(model="simple", propagate=True))
    costs = {each.task_id: (each.cost, each.success) for each in cost.tasks}
    for each in other["workflow_cost"]["tasks"]:
        assert costs[each["taskId"]] == pytest.approx((each["ev"], each["pEffective"]))
    assert (cost.cost, cost.mean) == (other["workflow_cost"]["totalEv"], other["workflow_cost"]["averageEv"])


@pytest.mark.parametrize("name", COSTS)
def test_costs_are_what_the_other_tool_answered(name):
    case = json_of(shared_data(f"taskgraph-cases/{name}.json"))
    other = msgspec.json.decode(case["original_output"]["workflow-cost -f json"]["stdout"])
    backlog = backlog_of_case(case)
    found = cost_estimate(backlog, Readiness(backlog), Question())
    assert {each.task_id: each.cost for each in found.tasks} == pytest.approx(
        {each["id"]: each["cost"] for each in other["tasks"]}
    )
    assert (found.cost, found.mean, found.total) == pytest.approx(
        (other["total"], other["average"], other["count"])
    )
