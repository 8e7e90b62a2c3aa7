"""`vtm graph`: values that mean nothing, cycles, wrong options, and too much of a backlog."""

import pytest

from tests.cli.test_commands import ANALYSES, checked
from tests.projects import put, task, write
from tests.repositories import vtm

KNOT = [task("A--T01", needs=["A--T02"]), task("A--T02", needs=["A--T01"]), task("A--T03", needs=["A--T02"])]


@pytest.mark.parametrize("name", ANALYSES)
def test_a_task_behind_a_cycle_gives_a_finding_and_no_crash(name, tmp_path):
    write(tmp_path, [*KNOT, task("A--T04")])
    answer = vtm(tmp_path, "graph", name, "--json")
    assert (answer.code, answer.err) == (0, "")
    data = checked(answer)
    if name not in {"risk", "decompose"}:
        assert data["left_out"] == ["A--T01", "A--T02", "A--T03"]
        assert [each["code"] for each in data["findings"]] == ["GAP::TASK-DEP-CYCLE"]
        assert data["findings"][0]["location"]["line"]
    text = vtm(tmp_path, "graph", name)
    assert text.code == 0
    if name not in {"risk", "decompose"}:
        assert "3 tasks left out, on or behind a cycle: A--T01, A--T02, A--T03" in text.out


@pytest.mark.parametrize("name", ANALYSES)
def test_an_empty_backlog_has_an_empty_answer(name, tmp_path):
    write(tmp_path, [])
    text, data = vtm(tmp_path, "graph", name), vtm(tmp_path, "graph", name, "--json")
    assert (text.code, data.code) == (0, 0)
    assert name in {"cycles", "decompose"} or text.out == "No tasks found.\n"
    assert checked(data)["returned"] in {0, 6}


@pytest.mark.parametrize("name", ["risk", "risk-path", "cost"])
def test_a_risk_that_means_nothing_is_a_finding_and_counts_as_unset(name, tmp_path):
    write(tmp_path, [task("A--T01", risk="huge")])
    data = checked(vtm(tmp_path, "graph", name, "--json"))
    (finding,) = data["findings"]
    assert finding["code"] == "GAP::SCHEMA"
    assert "risk: 'huge' is not one of" in finding["message"]
    rows = data["risks"] if name == "risk" else data["tasks"]
    assert [each["risk"] for each in rows if each.get("count", 1)] == ["unset"]


@pytest.mark.parametrize("name", ANALYSES)
def test_a_folder_without_task_files_is_an_empty_backlog(name, tmp_path):
    (tmp_path / "tasks").mkdir()
    answer = vtm(tmp_path, "graph", name)
    assert (answer.code, answer.err) == (0, "")
    assert name in {"cycles", "decompose"} or answer.out == "No tasks found.\n"


def test_findings_that_say_nothing_of_the_answer_are_left_to_validate(tmp_path):
    write(tmp_path, [task("A--T01", provisional="perhaps", needs=["A--T02"])])
    assert checked(vtm(tmp_path, "graph", "risk", "--json"))["findings"] == []
    (finding,) = checked(vtm(tmp_path, "graph", "order", "--json"))["findings"]
    assert finding["code"] == "GAP::DANGLING-DEPENDENCY"


def test_many_findings_are_cut_in_text(tmp_path):
    write(tmp_path, [task(f"A--T{number:02}", needs=["X"]) for number in range(12)])
    out = vtm(tmp_path, "graph", "order").out
    assert out.count("DANGLING-DEPENDENCY") == 10
    assert out.endswith("and 2 more findings; `vtm validate` lists them\n")


def test_estimates_come_from_the_settings(tmp_path):
    write(tmp_path, [task("A--T01"), task("A--T02", est={"size": "L"})])
    put(tmp_path, "vtm.toml", "[estimate]\nM = 500\n")
    found = checked(vtm(tmp_path, "graph", "critical", "--by", "estimate", "--json"))
    assert ([each["task_id"] for each in found["tasks"]], found["minutes"]) == (["A--T01"], 500)


WRONG = {
    "retention-without-propagate": ("cost --retention 0.5", "--retention is for --propagate."),
    "retention-too-large": ("cost --propagate --retention 2", "is not in the range"),
    "not-a-number": ("cost --propagate --retention nan", "'nan' is not a number."),
    "endless": ("cost --model simple --time-lost inf", "is not in the range"),
    "negative": ("cost --model simple --fallback-cost -1", "is not in the range"),
    "extras-of-the-other-model": ("cost --time-lost 5", "are for --model simple."),
    "model": ("cost --model best", "is not one of"),
    "by": ("critical --by size", "is not one of"),
}


@pytest.mark.parametrize(("arguments", "message"), WRONG.values(), ids=WRONG)
def test_wrong_options(arguments, message, tmp_path):
    write(tmp_path, [task("A--T01")])
    answer = vtm(tmp_path, "graph", *arguments.split(), "--json")
    assert answer.code == 2
    assert message in checked(answer)["message"]


def test_a_budget_cuts_and_says_so(tmp_path):
    write(tmp_path, [task(f"A--T{number:02}") for number in range(20)])
    for name in ("order", "bottleneck", "cost"):
        cut = checked(vtm(tmp_path, "graph", name, "--json", "--budget", "300"))
        assert (cut["total"], cut["truncated"]) == (20, True)
        assert 0 < cut["returned"] == len(cut["tasks"]) < 20
        assert f"{cut['returned']} of 20 tasks" in vtm(tmp_path, "graph", name, "--budget", "300").out


def test_bottlenecks_of_too_many_tasks_are_refused_unless_forced(tmp_path):
    write(tmp_path, [{"task_id": f"T{number}"} for number in range(20_001)])
    refused = vtm(tmp_path, "graph", "bottleneck", "--json")
    assert (refused.code, checked(refused)["code"]) == (2, "TOO-MANY-TASKS")
    forced = vtm(tmp_path, "graph", "bottleneck", "--json", "--force")
    assert (forced.code, forced.json["total"]) == (0, 20_001)
    assert forced.err.startswith("vtm: 20001 tasks took ")
