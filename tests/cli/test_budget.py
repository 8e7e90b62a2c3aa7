"""`--budget` on the commands that answer with lists."""

import json

import pytest

from tests.repositories import vtm

TASKS = [{"task_id": f"A-{number}", "depends_on_tasks": ["GONE"]} for number in range(20)]


@pytest.fixture
def project(tmp_path):
    manifest = tmp_path / "docs/backlog/virtual-task-manifest.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text(json.dumps({"tasks": TASKS}), "utf-8")
    return tmp_path


@pytest.mark.parametrize("command", ["list", "blocked", "validate", "plan", "waves"])
def test_the_answer_is_cut_and_says_so(project, command):
    whole = vtm(project, command, "--json")
    cut = vtm(project, command, "--json", "--budget", "300")
    assert cut.code == whole.code
    assert cut.json["total"] == whole.json["total"] == whole.json["returned"]
    assert 0 < cut.json["returned"] < cut.json["total"]
    assert cut.json["truncated"]
    assert len(cut.out) <= 300 * 4


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("list", "of 20 tasks"),
        ("blocked", "more tasks"),
        ("validate", "more findings"),
        ("plan", "tasks that are not planned"),
        ("waves", "more groups"),
    ],
)
def test_text_says_that_something_was_left_out(project, command, said):
    assert said in vtm(project, command, "--budget", "300").out


def test_a_budget_is_positive(project):
    assert vtm(project, "list", "--budget", "0").code == 2
