"""Real files of other tools: each line, object and file is accounted for, and gives the same again."""

import json
from collections import Counter

import pytest

from tests.exchange.test_contract import check_whatever, counts
from tests.repositories import vtm
from tests.shared_data import json_of, shared_data
from vtm.app.exchange_files import input_files
from vtm.exchange.format import load_format

BEADS = "beads/issues.2025-12-16.7d35ced5a.jsonl"
FILES = {  # format and path, to how many units are read, read in part, unreadable
    "beads": ("beads", BEADS, (876, 0, 0)),
    "beads-broken": ("beads", "beads/broken.jsonl", (124, 0, 86)),
    "backlog-md": ("backlog-md", "backlog.md", (592, 21, 1)),
    "taskwarrior": ("taskwarrior", "taskwarrior-export.json", (4, 0, 0)),
    "spec-kit": ("spec-kit", "spec-kit-tasks-template.md", (28, 0, 6)),
}


def files_of(name, path):
    return input_files(load_format(name), shared_data(path).parent, shared_data(path).name)


@pytest.mark.parametrize(("name", "path", "expected"), FILES.values(), ids=FILES)
def test_every_unit_is_accounted_for(name, path, expected):
    files = files_of(name, path)
    assert counts(load_format(name).read(files)) == expected
    check_whatever(name, files)


def test_beads_lines_and_dependencies():
    lines = shared_data(BEADS).read_text("utf-8").splitlines()
    reading = load_format("beads").read(files_of("beads", BEADS))
    assert [unit.number for unit in reading.units] == list(range(1, len(lines) + 1))
    given = {each["id"]: each for each in map(json.loads, lines)}
    for task in reading.tasks:
        issue = given[task.task.task_id]
        blocks = [each["depends_on_id"] for each in issue.get("dependencies", ()) if each["type"] == "blocks"]
        assert list(task.task.depends_on_tasks) == blocks
        assert (task.task.title, task.task.description) == (issue["title"], issue["description"])


def test_broken_lines_of_beads_are_told_by_number():
    reading = load_format("beads").read(files_of("beads", "beads/broken.jsonl"))
    why = {unit.number: unit.reason for unit in reading.units if not unit.task_id}
    assert [number for number, reason in why.items() if reason == "is a conflict marker of git"] == [
        1,
        86,
        210,
    ]
    assert sum("repeats the id" in reason for reason in why.values()) == 83
    assert [unit.number for unit in reading.units] == list(range(1, 211))


def test_exports_hold_what_came_in():
    """Beads and Spec Kit: an export has the same content; of the latter, byte for byte."""
    (file,) = files_of("spec-kit", "spec-kit-tasks-template.md")
    form = load_format("spec-kit")
    assert form.write(form.read([file]).tasks)[0].data == file.data
    form = load_format("beads")
    (file,) = files_of("beads", BEADS)
    (written,) = form.write(form.read([file]).tasks)
    for before, after in zip(file.data.splitlines(), written.data.splitlines(), strict=True):
        assert json.loads(after) == json.loads(before)


def test_backlog_md_statuses_and_boxes():
    """As Backlog.md itself lists the tasks that are not in `completed`."""
    listed = {each["id"]: each for each in json_of(shared_data("backlog.md/task-list.json"))["tasks"]}
    tasks = load_format("backlog-md").read(files_of("backlog-md", "backlog.md")).tasks
    there = [each for each in tasks if each.task.task_id in listed]
    assert len(there) > 100
    for each in there:
        known = listed[each.task.task_id]
        boxes = (known["acceptanceCriteriaCompleted"], known["acceptanceCriteriaCount"])
        assert (sum(check.met for check in each.checks), len(each.checks)) == boxes
        assert each.state.status == {"Done": "completed", "To Do": "pending"}[known["status"]]


def test_taskwarrior_resolves_ids():
    tasks = load_format("taskwarrior").read(files_of("taskwarrior", "taskwarrior-export.json")).tasks
    assert [(each.task.task_id, each.task.depends_on_tasks) for each in tasks] == [
        *(("1", ()), ("2", ("1",)), ("3", ("2",)), ("4", ("22222222-2222-2222-2222-222222222222",))),
    ]
    assert tasks[0].state.notes == "a2\na1\na7\na8"


@pytest.mark.parametrize(("name", "path", "expected"), FILES.values(), ids=FILES)
def test_through_the_command_line(name, path, expected, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    answer = vtm(first, "import", name, str(shared_data(path)), "--apply", "--json").json
    assert tuple(answer["units"][key] for key in ("read", "in_part", "unreadable")) == expected
    assert vtm(first, "export", name, "out").code == 0
    again = vtm(second, "import", name, str(first / "out"), "--apply", "--json").json
    assert [{**each, "unit": 0} for each in again["tasks"]] == [
        {**each, "unit": 0} for each in answer["tasks"]
    ]
    assert again["fields"] == answer["fields"]
    assert vtm(first, "replay", "--check").code == 0
    assert Counter(vtm(first, "list", "--json").json) == Counter(vtm(second, "list", "--json").json)


def test_case_39(tmp_path):
    """vtm-cli has two meanings of blocked: a status, and to wait for a dependency."""
    case = json_of(shared_data("taskgraph-cases/39-vtmcli-ready-blocked.json"))
    (tmp_path / "vtm.json").write_text(json.dumps(case["input"]), "utf-8")
    assert vtm(tmp_path, "import", "vtm-cli", "vtm.json", "--apply").code == 0
    assert [vtm(tmp_path, "next", "--json").json["task_id"]] == case["asserted"]["ready"]
    eligible = vtm(tmp_path, "list", "--eligible", "--json").json["tasks"]
    assert [each["task_id"] for each in eligible] == case["asserted"]["ready"]
    found = vtm(tmp_path, "blocked", "--json").json
    assert [each["task_id"] for each in found["blocked"]] == case["asserted"]["blocked_by_status"]
    assert [each["task_id"] for each in found["waiting"]] == case["asserted"][
        "blocked_computed_by_history_recalc"
    ]


def test_case_39_rollback(tmp_path):
    """The tasks of one transaction, of which another task depends on one."""
    case = json_of(shared_data("taskgraph-cases/39-vtmcli-ready-blocked.json"))
    tasks = {each["id"]: each for each in case["input"]["tasks"]}
    ids = {}
    for name in (
        "TASK-001",
        *case["input"]["rollback"]["tx_tasks"],
        *case["input"]["rollback"]["dependents"],
    ):
        (tmp_path / "vtm.json").write_text(json.dumps({"tasks": [tasks[name]]}), "utf-8")
        ids[name] = vtm(tmp_path, "import", "vtm-cli", "vtm.json", "--apply", "--json").json["transaction"]
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.json*")}
    refused = vtm(tmp_path, "ingest", "--rollback", ids["TASK-002"], "--apply", "--json")
    assert (refused.code, refused.json["code"]) == (4, "HAS-FOLLOWERS")
    assert vtm(tmp_path, "ingest", "--rollback", ids["TASK-003"]).code == 0
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.json*")} == before
    for name in ("TASK-003", "TASK-002"):
        assert vtm(tmp_path, "ingest", "--rollback", ids[name], "--apply").code == 0
    assert [each["task_id"] for each in vtm(tmp_path, "list", "--json").json["tasks"]] == ["TASK-001"]
