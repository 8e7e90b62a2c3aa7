"""The task that is to resolve what blocks another one."""

import json

import pytest

from tests.projects import MANIFEST, STATE, put, task, write
from tests.repositories import vtm
from vtm.app.app import App
from vtm.app.resolving import add_resolver
from vtm.errors import ConflictError

NEW = "resolve-A--T01"


def resolver(root, task_id="A--T01", suggestion="Ask them", **more):
    app = App.at(root)
    return add_resolver(app, app.backlog, app.backlog[task_id], suggestion, **more)


def declared(root):
    return json.loads((root / MANIFEST).read_text("utf-8"))


def by_id(root):
    return {each["task_id"]: each for each in declared(root)["tasks"]}


def test_a_task_is_added_that_the_blocked_one_waits_for(tmp_path):
    root = write(tmp_path, [task("A--T01", needs=["A--T02"], gap_codes=["G1"]), task("A--T02")], {})
    found = resolver(root)
    assert (found.task_id, found.created, found.manifest_hash) == (NEW, True, "")
    tasks = by_id(root)
    assert list(tasks) == ["A--T01", "A--T02", NEW]
    assert tasks["A--T01"]["depends_on_tasks"] == ["A--T02", NEW]
    assert tasks[NEW] == {
        "task_id": NEW,
        "capability_id": "A",
        "phase": "Phase 1",
        "slice": "Slice 1.1",
        "title": "Resolve what blocks A--T01",
        "description": "Ask them",
        "acceptance_criteria": [{"id": f"{NEW}--AC01", "text": "What blocks A--T01 is resolved"}],
        "risk": "Medium",
        "depends_on_tasks": [],
        "related_specs": ["docs/specs/shop.md"],
        "gap_codes": ["G1"],
        "test_verification": [],
        "parallel": False,
        "conflicts_with": [],
    }
    assert [each["tasks"] for each in declared(root)["ingested"]] == [[NEW]]
    assert vtm(root, "validate", "--select", "GAP", "--select", "BLOCKED").code == 0


RISKS = {  # of the blocked task; fields of all tasks; of the new one
    "high-with-tests": ("High", {}, "Medium", True),
    "high-without": ("High", {"test_verification": None}, "High", False),
    "low": ("Low", {}, "Low", True),
}


@pytest.mark.parametrize(("risk", "fields", "expected", "tests"), RISKS.values(), ids=RISKS)
def test_the_new_task_has_no_error_of_its_own(risk, fields, expected, tests, tmp_path):
    root = write(tmp_path, [task("A--T01", risk=risk, **fields), task("A--T02", **fields)], {})
    resolver(root)
    added = by_id(root)[NEW]
    assert (added["risk"], "test_verification" in added) == (expected, tests)
    assert vtm(root, "validate").code == 0


def test_one_that_is_there_is_taken(tmp_path):
    root = write(tmp_path, [task("A--T01"), task(NEW)], {})
    assert resolver(root)[:2] == (NEW, False)
    assert by_id(root)["A--T01"]["depends_on_tasks"] == [NEW]
    assert "ingested" not in declared(root)
    before = (root / MANIFEST).read_bytes()
    assert resolver(root) == (NEW, False, "", [])
    assert (root / MANIFEST).read_bytes() == before


@pytest.mark.parametrize("status", ["completed", "abandoned"])
def test_one_that_is_over_is_not(status, tmp_path):
    state = {NEW: {"status": status}, f"{NEW}-2": {"status": status}}
    root = write(tmp_path, [task("A--T01", needs=[NEW]), task(NEW), task(f"{NEW}-2")], state)
    assert resolver(root)[:2] == (f"{NEW}-3", True)
    assert by_id(root)["A--T01"]["depends_on_tasks"] == [NEW, f"{NEW}-3"]


def test_nor_one_that_waits_for_the_blocked_task(tmp_path):
    root = write(
        tmp_path, [task("A--T01"), task("A--T02", needs=["A--T01"]), task(NEW, needs=["A--T02"])], {}
    )
    assert resolver(root)[:2] == (f"{NEW}-2", True)


def test_nothing_is_written_where_it_is_only_asked(tmp_path):
    root = write(tmp_path, [task("A--T01")], {})
    app = App.at(root)
    vtm(root, "rehash")
    before = (root / MANIFEST).read_bytes()
    found = resolver(root, write=False)
    assert (found.task_id, found.created, len(found.manifest_hash)) == (NEW, True, 64)
    assert (root / MANIFEST).read_bytes() == before
    assert resolver(root) == found
    assert app.backlog.manifest_path == MANIFEST


def test_the_state_is_left_to_the_caller(tmp_path):
    root = write(tmp_path, [task("A--T01")], {}, {"manifest_hash": "0" * 64}, {"manifest_hash": "0" * 64})
    before = (root / STATE).read_bytes()
    found = resolver(root)
    assert found.manifest_hash == declared(root)["manifest_hash"] != "0" * 64
    assert (root / STATE).read_bytes() == before


def test_what_cannot_be_read_keeps_its_place(tmp_path):
    root = write(tmp_path, [{"no": "id"}, 7, task("B--T01"), task("A--T01", depends_on_tasks=None)], {})
    resolver(root, suggestion="half \udcff")
    assert by_id_of_objects(root)["A--T01"]["depends_on_tasks"] == [NEW]
    assert by_id_of_objects(root)[NEW]["description"] == "half \\udcff"


def by_id_of_objects(root):
    tasks = declared(root)["tasks"]
    return {each.get("task_id"): each for each in tasks if isinstance(each, dict)}


def test_a_task_that_is_gone_meanwhile(tmp_path):
    root = write(tmp_path, [task("A--T01")], {})
    app = App.at(root)
    blocked = app.backlog["A--T01"]
    put(root, MANIFEST, '{"tasks": []}')
    with pytest.raises(ConflictError, match="no longer"):
        add_resolver(app, app.backlog, blocked, "")


def test_a_manifest_that_is_gone_meanwhile(tmp_path):
    root = write(tmp_path, [task("A--T01")], {})
    put(root, "tasks/f.md", "---\nid: f\n---\n")
    app = App.at(root)
    blocked = app.backlog["A--T01"]
    (root / MANIFEST).unlink()
    with pytest.raises(ConflictError, match="no longer"):
        add_resolver(app, app.backlog, blocked, "")


@pytest.mark.parametrize("name", ["A--T01", "f"])
def test_where_both_forms_are_there(name, tmp_path):
    root = write(tmp_path, [task("A--T01", needs=["f"])], {})
    put(root, "tasks/deep/f.md", "---\nid: f\n---\n")
    words = ("--reason", "r", "--tried", "t", "--suggest", "s")
    assert vtm(root, "block", name, *words, "--create-resolver").code == 0
    assert f"resolve-{name}" in vtm(root, "show", name, "--json").json["depends_on_tasks"]
    assert (NEW in by_id(root)) == (name == "A--T01")
    assert (root / "tasks/deep/resolve-f.md").exists() == (name == "f")
    assert vtm(root, "doctor").code == 0
