"""`vtm add`: what it writes where, what it refuses, and that nothing is ever overwritten."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from tests.checkout import ROOT
from tests.cli.test_commands import checked
from tests.projects import HOSTILE, MANIFEST, STATE, put, task, write
from tests.repositories import repository, vtm
from vtm.discovery import find_project, runtime_folder
from vtm.stores.lock import locked

NEW = "A--T07"


@pytest.fixture
def shop(tmp_path):
    root = write(tmp_path / "shop", [task("A--T01"), task("B--T1")], {})
    assert vtm(root, "rehash").code == 0
    return root


def add(root, *arguments, code=0):
    answer = vtm(root, "add", *arguments, "--json")
    assert answer.code == code, answer
    return checked(answer)


def declared(root):
    return json.loads((root / MANIFEST).read_text("utf-8"))["tasks"]


def everything(root):
    return {
        path: path.read_bytes() for path in root.rglob("*") if path.is_file() and ".vtm" not in path.parts
    }


def test_a_task_of_the_manifest(shop):
    before = (shop / MANIFEST).read_text("utf-8")
    answer = add(
        shop,
        *(NEW, "--name", "New", "--risk", "critical", "--scope", "NARROW", "--impact", "phase"),
        *("--phase", "Phase 2", "--slice", "Slice 2.1", "--depends-on", "B--T1", "--depends-on", "A--T01"),
        *("--criterion", "One", "--criterion", "Two", "--depends-on", "B--T1"),
    )
    assert declared(shop)[2:] == [
        {
            "task_id": NEW,
            "phase": "Phase 2",
            "slice": "Slice 2.1",
            "title": "New",
            "acceptance_criteria": [
                {"id": f"{NEW}-AC01", "text": "One"},
                {"id": f"{NEW}-AC02", "text": "Two"},
            ],
            "risk": "High",
            "depends_on_tasks": ["B--T1", "A--T01"],
            "grade": "critical",
            "scope": "narrow",
            "impact": "phase",
        }
    ]
    assert json.loads(answer["text"]) == declared(shop)[2]
    assert (answer["to"], answer["path"], answer["files"]) == ("manifest", MANIFEST, [MANIFEST, STATE])
    assert (shop / MANIFEST).read_text("utf-8").startswith(before[: before.rindex("}\n  ]")])
    assert vtm(shop, "validate", "--select", "WARN::MANIFEST-HASH-MISMATCH").code == 0


@pytest.mark.parametrize(
    ("risk", "fields"),
    {
        "High": {"risk": "High"},
        "medium": {"risk": "Medium"},
        "LOW": {"risk": "Low"},
        "trivial": {"risk": "Low", "grade": "trivial"},
        "critical": {"risk": "High", "grade": "critical"},
    }.items(),
)
def test_risk_in_both_dialects(risk, fields, shop):
    add(shop, NEW, "--title", "New", "--risk", risk)
    assert {key: declared(shop)[-1].get(key) for key in ("risk", "grade")} == {"grade": None} | fields


def test_what_it_lacks_is_shown_and_does_not_stop_it(shop):
    answer = add(shop, NEW, "--title", "New")
    codes = {each["code"] for each in answer["findings"]}
    assert codes >= {f"BLOCKED::EMPTY-AC::{NEW}", f"GAP::NO-SPECS::{NEW}"}
    assert answer["ok"]
    (line,) = {each["location"]["line"] for each in answer["findings"] if each["code"].startswith("GAP")}
    assert (shop / MANIFEST).read_text("utf-8").splitlines()[line].strip() == f'"task_id": "{NEW}",'
    assert declared(shop)[-1] == {
        "task_id": NEW,
        "title": "New",
        "acceptance_criteria": [],
        "depends_on_tasks": [],
    }


@pytest.mark.parametrize(
    ("needs", "code"),
    [("Z--T01", "GAP::DANGLING-DEPENDENCY"), (NEW, "GAP::SELF-DEPENDENCY")],
)
def test_what_breaks_the_structure_is_refused(needs, code, shop):
    before = everything(shop)
    answer = add(shop, NEW, "--title", "New", "--depends-on", needs, code=1)
    assert code in {each["code"] for each in answer["findings"]}
    assert (answer["ok"], answer["applied"], answer["files"]) == (False, False, [])
    assert everything(shop) == before


def test_a_cycle_is_refused(tmp_path):
    root = write(tmp_path, [task("A--T01", needs=[NEW])])
    answer = add(root, NEW, "--title", "New", "--depends-on", "A--T01", code=1)
    assert "GAP::TASK-DEP-CYCLE" in {each["code"] for each in answer["findings"]}
    assert len(declared(root)) == 1


def test_errors_that_were_there_do_not_matter(tmp_path):
    root = write(tmp_path, [task("A--T01", needs=["Z"]), {"no": "id"}])
    assert add(root, NEW, "--title", "New")["applied"]


@pytest.mark.parametrize("more", [[], ["--dry-run"]])
def test_an_id_that_exists(more, tmp_path):
    root = write(tmp_path, [task("A--T01"), {"task_id": NEW, "est": 7}])
    before = everything(root)
    for known in ("A--T01", NEW):
        answer = add(root, known, "--title", "New", *more, code=2)
        assert (answer["code"], answer["location"]["path"]) == ("TASK-EXISTS", MANIFEST)
    assert everything(root) == before


USAGE = {
    "no-title": (NEW,),
    "empty-title": (NEW, "--title", " "),
    "both": (NEW, "--title", "x", "--name", "x"),
    "no-id": ("--title", "x"),
    "empty-id": ("", "--title", "x"),
    "blank-id": (" ", "--title", "x"),
    "escape": ("\x1b[31m", "--title", "x"),
    "line": ("a\nb", "--title", "x"),
    "half": ("a\udcff", "--title", "x"),
    "risk": (NEW, "--title", "x", "--risk", "huge"),
    "scope": (NEW, "--title", "x", "--scope", ""),
    "impact": (NEW, "--title", "x", "--impact", "none"),
    "to": (NEW, "--title", "x", "--to", "xml"),
}


@pytest.mark.parametrize("arguments", USAGE.values(), ids=USAGE)
def test_wrong_usage(arguments, shop):
    before = everything(shop)
    add(shop, *arguments, code=2)
    assert everything(shop) == before


def test_a_preview_writes_nothing(shop):
    before = everything(shop)
    answer = add(shop, NEW, "--title", HOSTILE, "--dry-run")
    assert (answer["ok"], answer["applied"], answer["title"]) == (True, False, HOSTILE)
    assert everything(shop) == before
    out = vtm(shop, "add", NEW, "--title", HOSTILE, "--dry-run").out
    assert out.endswith(f"Nothing was written; without --dry-run, it is added to {MANIFEST}.\n")
    assert "\x1b" not in out
    assert vtm(shop, "add", NEW, "--title", HOSTILE).out.endswith(f"Added {NEW} to {MANIFEST}.\n")
    assert declared(shop)[-1]["title"] == HOSTILE
    assert "Refused" in vtm(shop, "add", "B", "--title", "x", "--depends-on", "B").out


def test_a_megabyte(shop):
    add(shop, NEW, "--title", "x" * 1_000_000)
    assert len(declared(shop)[-1]["title"]) == 1_000_000


def test_the_lock_is_waited_for(shop):
    put(shop, "vtm.toml", 'lock_wait = "0s"\n')
    with locked(runtime_folder(find_project(shop)), 5):
        assert add(shop, NEW, "--title", "x", code=4)["code"] == "LOCKED"
        assert add(shop, NEW, "--title", "x", "--dry-run")["ok"]


# --- Markdown files


CASE_11 = {
    "tasks/task-one.md": "---\nid: task-one\nname: First\nstatus: pending\n---\n\nBody.",
    "tasks/task-two.md": "---\nid: task-two\nname: Second\ndepends_on: [task-one]\n---\n\nBody.",
}


@pytest.fixture
def folder(tmp_path):
    for name, text in CASE_11.items():
        put(tmp_path, name, text)
    return tmp_path


def test_a_file(folder):
    answer = add(
        folder,
        *(
            "scoped-task",
            "--name",
            "Scoped: a task",
            "--scope",
            "narrow",
            "--risk",
            "low",
            "--impact",
            "Phase",
        ),
        *(
            "--depends-on",
            "task-one",
            "--criterion",
            "It\nworks",
            "--criterion",
            "AC07 no id",
            "--phase",
            "Phase 1",
        ),
    )
    assert (answer["to"], answer["path"], answer["files"]) == (
        "markdown",
        "tasks/scoped-task.md",
        ["tasks/scoped-task.md"],
    )
    text = (folder / "tasks/scoped-task.md").read_bytes().decode()
    assert text == answer["text"]
    assert text == (
        '---\nid: scoped-task\nname: "Scoped: a task"\nstatus: pending\ndepends_on:\n  - task-one\n'
        "risk: low\nscope: narrow\nimpact: phase\nphase: Phase 1\n---\n\n## Context\n\n"
        "## Acceptance Criteria\n\n"
        "- [ ] AC01 It works\n- [ ] AC02 AC07 no id\n\n## Notes\n"
    )
    shown = vtm(folder, "show", "scoped-task", "--json").json
    assert [each["id"] for each in shown["acceptance_criteria"]] == ["AC01", "AC02"]
    assert shown["depends_on_tasks"] == ["task-one"]


def test_no_backlog_at_all(tmp_path):
    add(tmp_path, "first", "--title", "First")
    add(tmp_path, "deep/er/x", "--title", "Second", "--depends-on", "first")
    assert {each["task_id"] for each in vtm(tmp_path, "list", "--json").json["tasks"]} == {
        "first",
        "deep/er/x",
    }
    assert (tmp_path / "tasks/deep/er/x.md").is_file()


def test_to(shop):
    put(shop, "tasks/x.md", CASE_11["tasks/task-one.md"])
    assert add(shop, "a", "--title", "x")["to"] == "manifest"
    assert (
        add(shop, "b", "--title", "x", "--to", "markdown", "--depends-on", "task-one")["path"] == "tasks/b.md"
    )
    assert add(shop, "c", "--title", "x", "--to", "manifest", "--depends-on", "b")["path"] == MANIFEST
    for name in ("a", "b", "task-one"):
        for to in ("manifest", "markdown"):
            add(shop, name, "--title", "x", "--to", to, code=2)


def test_to_a_manifest_that_is_not_there(folder):
    before = everything(folder)
    preview = add(folder, "a", "--title", "x", "--to", "manifest", "--dry-run")
    assert (preview["ok"], preview["path"], preview["files"]) == (True, MANIFEST, [])
    assert add(folder, "task-one", "--title", "x", "--to", "manifest", code=2)["code"] == "TASK-EXISTS"
    add(folder, "a", "--title", "x", "--to", "manifest", "--depends-on", "gone", code=1)
    assert everything(folder) == before
    answer = add(folder, "a", "--title", "x", "--to", "manifest", "--depends-on", "task-two")
    assert answer["files"] == [MANIFEST]
    assert [each["task_id"] for each in declared(folder)] == ["a"]
    assert {path: data for path, data in everything(folder).items() if path in before} == before
    assert vtm(folder, "show", "a", "--json").json["depends_on_tasks"] == ["task-two"]


def test_a_manifest_in_an_empty_repository(tmp_path):
    root = repository(tmp_path)
    assert add(root, "m1", "--title", "M", "--to", "manifest")["files"] == [MANIFEST]
    assert add(root, "m2", "--title", "M", "--depends-on", "m1")["to"] == "manifest"
    assert [each["task_id"] for each in declared(root)] == ["m1", "m2"]
    assert not (root / STATE).exists()


@pytest.mark.parametrize(("to", "needs"), [("manifest", "task-one"), ("markdown", "A--T01")])
def test_a_dependency_in_the_other_form(to, needs, shop):
    put(shop, "tasks/task-one.md", CASE_11["tasks/task-one.md"])
    add(shop, "new", "--title", "x", "--to", to, "--depends-on", needs)
    assert vtm(shop, "show", "new", "--json").json["depends_on_tasks"] == [needs]
    assert "DANGLING" not in vtm(shop, "validate").out


def test_an_emptied_manifest(shop):
    assert vtm(shop, "convert", "markdown", "--apply", "--remove").code == 0
    assert add(shop, "a", "--title", "x")["to"] == "markdown"


@pytest.mark.parametrize(
    "task_id",
    ["../x", "/x", "a/../../x", "a\\b", "con", ".git/x", "a//b", "x" * 300, "a:b", "a/", "x\u2029"],
)
def test_an_id_that_names_no_file(task_id, folder):
    inside = shutil.copytree(folder, folder / "around" / "project")  # where it may lead out of
    before = everything(folder)
    answer = vtm(inside, "add", task_id, "--title", "x", "--json")
    assert answer.code == 2
    assert everything(folder) == before


@pytest.mark.parametrize("there", ["", "mine", "---\nid: other\n---\n"])
def test_a_file_that_exists(there, folder):
    put(folder, "tasks/new.md", there)
    before = everything(folder)
    answer = add(folder, "new", "--title", "x", code=2)
    assert (answer["code"], answer["location"]["path"]) == ("TASK-EXISTS", "tasks/new.md")
    add(folder, "task-one", "--title", "x", code=2)
    assert everything(folder) == before


def test_a_folder_that_leads_out(folder, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (folder / "tasks/out").symlink_to(outside)
    assert add(folder, "out/x", "--title", "x", code=1)["code"] == "NOT-CREATED"
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize(
    "title", [HOSTILE, "yes", "a: b # c", "- [ ] x", "'", '"', "---", "1.0", "a\u2028b", "x" * 900_000]
)
def test_titles(title, folder):
    add(folder, "new", "--title", title, "--criterion", title[:100])
    assert vtm(folder, "show", "new", "--json").json["title"] == title.strip()
    assert vtm(folder, "fmt", "--check", "tasks/new.md").code in {0, 1}


def test_a_title_that_no_file_can_hold(folder):
    before = everything(folder)
    assert "longer than 1 MB" in add(folder, "new", "--title", "x" * 1_100_000, code=2)["message"]
    assert everything(folder) == before


def test_what_breaks_the_structure_of_files_is_refused(folder):
    before = everything(folder)
    answer = add(folder, "new", "--title", "x", "--depends-on", "gone", code=1)
    assert "GAP::DANGLING-DEPENDENCY" in {each["code"] for each in answer["findings"]}
    assert everything(folder) == before


def test_one_of_many_wins(tmp_path):
    command = [sys.executable, "-m", "vtm", "-C", str(tmp_path), "add", "x", "--title"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    started = [
        subprocess.Popen(
            [*command, f"title {each}"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for each in range(4)
    ]
    outs = [each.communicate() for each in started]
    codes = [each.returncode for each in started]
    assert sorted(codes) == [0, 2, 2, 2], outs
    text = (tmp_path / "tasks/x.md").read_text("utf-8")
    assert f"title: title {codes.index(0)}\n" in text
