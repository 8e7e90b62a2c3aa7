"""What stops work, in real repositories: `preflight`, `next --startable`, and what `validate` leaves out."""

import hashlib
import json
import shutil

import pytest

from tests.projects import MANIFEST, SPEC, STATE, put, task, write
from tests.repositories import commit, git, repository, spy_on_git, vtm

NOW = "2026-03-10T12:00:00Z"
PRD = "docs/master/prd-master.md"
TASKS = (task("A--T01", risk="High"), task("A--T02", needs=["A--T01"]))


def project(
    folder, *, tasks=TASKS, state=None, manifest=None, state_file=None, files=(), at="2026-03-01T12:00:00Z"
):
    """A project, committed on main with nothing left over."""
    top = repository(folder)
    write(top, tasks, state or {}, manifest, state_file)
    for name, text in dict(files).items():
        put(top, name, text)
    commit(top, at=at)
    return top


def toml(text):
    return {"vtm.toml": text}


def prd(front="", **more):
    return {PRD: f"---\n{front}\n---\n# PRD\n", **more}


def recorded(text):
    """Settings with the hash of a PRD that says `text`."""
    return toml(f'[prd]\nsha256 = "sha256:{sha256(text).upper()}"\n')


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def done(*names):
    return {name: {"status": "completed", "started_at": NOW, "completed_at": NOW} for name in names}


HIGH = [task(f"A--T0{number}", risk="High") for number in range(1, 5)]
MOST_DONE = {"tasks": HIGH, "state": done("A--T01", "A--T02")}

CHECKS = {  # to each name: step, result, codes, exit, project
    "a1": ("A1", "pass", [], 0, {}),
    "a2": ("A2", "pass", [], 0, {}),
    "a2-status": ("A2", "blocked", ["BLOCKED::MANIFEST-BLOCKED"], 1, {"manifest": {"status": "BLOCKED"}}),
    "a2-gaps": (
        "A2",
        "blocked",
        ["BLOCKED::MANIFEST-BLOCKED"],
        1,
        {"manifest": {"gaps": {"blocking": ["GAP-1"]}}},
    ),
    "a3": ("A3", "pass", [], 0, {}),
    "a3-gap": (
        "A3",
        "blocked",
        ["BLOCKED::UNRESOLVED-GAP"],
        1,
        {"tasks": [task("A--T01", gap_codes=["GAP-1"])], "files": toml('[rules]\nblocking = ["GAP-1"]\n')},
    ),
    "a4": ("A4", "pass", [], 0, {}),
    "a4-no-high": ("A4", "pass", [], 0, {"tasks": [task("A--T01")]}),
    "a4-late": ("A4", "warn", ["WARN::LATE-ORCHESTRATION"], 0, MOST_DONE),
    "a4-enforced": (
        "A4",
        "blocked",
        ["WARN::LATE-ORCHESTRATION"],
        1,
        {**MOST_DONE, "files": toml("[activation]\nenforce = true\n")},
    ),
    "a4-lowered": ("A4", "pass", [], 0, {**MOST_DONE, "files": toml("[activation]\nhigh_pending = 0.5\n")}),
    "1-none": ("1", "skipped", [], 0, {}),
    "1-approved": ("1", "pass", [], 0, {"files": prd("status: approved\nphase: 2")}),
    **{
        f"1-{status}": ("1", "blocked", ["BLOCKED::MASTER-PRD-STALE"], 1, {"files": prd(f"status: {status}")})
        for status in ("superseded", "Stale", "deprecated")
    },
    "1-unreadable": ("1", "blocked", ["BLOCKED::MASTER-PRD-STALE"], 1, {"files": prd("status: [")}),
    "1-hash": (
        "1",
        "pass",
        [],
        0,
        {"files": prd(**recorded(prd()[PRD]))},
    ),
    "1-other-hash": (
        "1",
        "blocked",
        ["BLOCKED::MASTER-PRD-STALE"],
        1,
        {"files": prd(**recorded("another"))},
    ),
    "1-young": ("1", "pass", [], 0, {"files": prd(**toml('[prd]\nmax_age = "30d"\n'))}),
    "1-old": (
        "1",
        "blocked",
        ["BLOCKED::MASTER-PRD-STALE"],
        1,
        {"files": prd(**toml('[prd]\nmax_age = "30d"\n')), "at": "2026-01-01T00:00:00Z"},
    ),
    "1-set-and-there": (
        "1",
        "pass",
        [],
        0,
        {"files": {"prd.md": "# PRD\n", **toml('[prd]\npath = "prd.md"\n')}},
    ),
    "1-set-and-absent": (
        "1",
        "blocked",
        ["BLOCKED::MASTER-PRD-STALE"],
        1,
        {"files": toml('[paths]\nprd = "prd.md"\n')},
    ),
    "2": ("2", "pass", [], 0, {}),
    "2-entry": ("2", "blocked", ["GAP::SCHEMA"], 1, {"tasks": [*TASKS, {"title": "No id"}]}),
    "2-lenient": ("2", "warn", ["WARN::LENIENT-VALUE"], 0, {"tasks": [task("A--T01", risk="high")]}),
    "2-whole": ("2", "blocked", ["GAP::UNREADABLE"], 1, {"files": {MANIFEST: "{"}}),
    "2-conflict": (
        "2",
        "blocked",
        ["GAP::CONFLICT-MARKERS"],
        1,
        {"files": {MANIFEST: "<<<<<<< a\n=======\n>>>>>>> b\n"}},
    ),
    "3": ("3", "pass", [], 0, {}),
    "3-entry": ("3", "blocked", ["GAP::SCHEMA"], 1, {"state": {"A--T01": {"status": "maybe"}}}),
    "3-lenient": ("3", "warn", ["WARN::LENIENT-VALUE"], 0, {"state": {"A--T01": {"status": "todo"}}}),
    "3-whole": ("3", "blocked", ["GAP::UNREADABLE"], 1, {"files": {STATE: ""}}),
    "4": ("4", "pass", [], 0, {}),
    "4-duplicate": ("4", "blocked", ["GAP::DUPLICATE-TASK-ID"], 1, {"tasks": [*TASKS, TASKS[0]]}),
    "4-dangling": (
        "4",
        "blocked",
        ["GAP::DANGLING-DEPENDENCY"],
        1,
        {"tasks": [task("A--T01", needs=["A--T09"])]},
    ),
    "4-self": ("4", "blocked", ["GAP::SELF-DEPENDENCY"], 1, {"tasks": [task("A--T01", needs=["A--T01"])]}),
    "4-cycle": (
        "4",
        "blocked",
        ["GAP::TASK-DEP-CYCLE"],
        1,
        {"tasks": [task("A--T01", needs=["A--T02"]), task("A--T02", needs=["A--T01"])]},
    ),
    "5": ("5", "pass", [], 0, {}),
    "5-unknown": ("5", "warn", ["WARN::UNKNOWN-TASK-IN-STATE"], 0, {"state": done("A--T09")}),
    "6": ("6", "pass", [], 0, {"state_file": {"manifest_hash": sha256(json.dumps(list(TASKS), indent=2))}}),
    "6-other": (
        "6",
        "warn",
        ["WARN::MANIFEST-HASH-MISMATCH"],
        0,
        {"state_file": {"manifest_hash": "0" * 64}},
    ),
    "6-unknown": ("6", "pass", [], 0, {"state_file": {"manifest_hash": "PLACEHOLDER"}}),
    "7": ("7", "pass", [], 0, {}),
    "7-off": ("7", "skipped", [], 0, {"files": toml("[git]\ngate = false\n")}),
    "8": ("8", "pass", [], 0, {}),
    "8-context": (
        "8",
        "blocked",
        ["BLOCKED::MISSING-CONTEXT"],
        1,
        {"tasks": [task("A--T01", related_specs=["docs/specs/gone.md"])]},
    ),
}


def check(top, step, *arguments):
    """One check of `preflight`, and the exit code."""
    answer = vtm(top, "preflight", "--json", "--now", NOW, *arguments)
    found = answer.json
    assert found["ok"] is (answer.code == 0)
    (one,) = [each for each in found["checks"] if each["step"] == step]
    return one["result"], one["codes"], answer.code


@pytest.mark.parametrize("name", CHECKS)
def test_preflight(name, tmp_path):
    step, result, codes, code, arranged = CHECKS[name]
    top = project(tmp_path / "top", **arranged)
    assert check(top, step) == (result, codes, code)


def test_preflight_without_a_backlog(tmp_path):
    top = repository(tmp_path / "top")
    answer = vtm(top, "preflight", "--json")
    assert answer.code == 3
    assert [(each["step"], each["result"]) for each in answer.json["checks"] if each["codes"]] == [
        ("A1", "blocked")
    ]
    assert [each["code"] for each in answer.json["findings"]] == ["BLOCKED::MANIFEST-MISSING"]


# --- step 7 and what it asks git


def _feature(top):
    git(top, "switch", "-qc", "feature/x")


def _master(top):
    git(top, "branch", "-qm", "master")


def _trunk(top):
    git(top, "branch", "-qm", "trunk")
    put(top, "vtm.toml", '[git]\nmain = ["trunk"]\n')
    commit(top)


def _both(top):
    _feature(top)
    put(top, "a.md", "")


def _own(top):
    for name in (STATE, "docs/backlog/task-events.jsonl", ".vtm/runtime.db", ".vtm/templates/a.md"):
        put(top, name, json.dumps({"tasks": {}}))


def _own_elsewhere(top):
    put(top, "vtm.toml", '[paths]\nstate = "./plan//state.json"\njournal = "plan/events.jsonl"\n')
    commit(top)
    put(top, "plan/state.json", '{"tasks": {}}')
    put(top, "plan/events.jsonl", "")


def _nearly_own(top):
    put(top, ".vtm-notes", "")


def _gate_off(top):
    put(top, "vtm.toml", "[git]\ngate = false\n")
    _both(top)


NOT_MAIN, DIRTY = "BLOCKED::NOT-ON-MAIN-BRANCH", "BLOCKED::DIRTY-GIT-STATUS"
GIT = {
    "clean": (lambda top: None, "pass", []),
    "feature": (_feature, "blocked", [NOT_MAIN]),
    "detached": (lambda top: git(top, "checkout", "-q", "--detach"), "blocked", [NOT_MAIN]),
    "master": (_master, "pass", []),
    "trunk": (_trunk, "pass", []),
    "untracked": (lambda top: put(top, "a.md", ""), "blocked", [DIRTY]),
    "modified": (lambda top: put(top, SPEC, "other"), "blocked", [DIRTY]),
    "manifest": (
        lambda top: put(top, MANIFEST, (top / MANIFEST).read_text("utf-8") + "\n"),
        "blocked",
        [DIRTY],
    ),
    "both": (_both, "blocked", [DIRTY, NOT_MAIN]),
    "own-files": (_own, "pass", []),
    "own-files-elsewhere": (_own_elsewhere, "pass", []),
    "nearly-own": (_nearly_own, "blocked", [DIRTY]),
    "gate-off": (_gate_off, "skipped", []),
}


@pytest.mark.parametrize("below", [".", "packages/my project"], ids=["top", "subfolder"])
@pytest.mark.parametrize("name", GIT)
def test_the_git_gate(name, below, tmp_path):
    arrange, result, codes = GIT[name]
    top = repository(tmp_path / "top")
    root = write(top / below, TASKS, {})
    commit(top)
    arrange(root)
    found, found_codes, code = check(root, "7")
    assert (found, sorted(found_codes), code) == (result, codes, 1 if codes else 0)


def test_state_of_another_project_is_dirt(tmp_path):
    top = project(tmp_path / "top")
    root = write(top / "inner", TASKS, {})
    commit(top)
    put(top, STATE, '{"tasks": {}}')
    assert check(root, "7") == ("blocked", [DIRTY], 1)
    assert check(top, "7") == ("pass", [], 0)


def test_an_unborn_main_branch_is_main(tmp_path):
    top = repository(tmp_path / "top", commit_first=False)
    write(top, TASKS, {})
    assert check(top, "7") == ("blocked", [DIRTY], 1)


def test_outside_git_the_gate_is_skipped_and_said(tmp_path):
    write(tmp_path, TASKS, {})
    put(tmp_path, PRD, "# PRD\n")
    put(tmp_path, "vtm.toml", '[prd]\nmax_age = "1d"\n')
    answer = vtm(tmp_path, "preflight")
    assert answer.code == 0
    assert "7 Git is on main and clean skipped not a git repository" in " ".join(answer.out.split())


def test_names_of_dirt_are_shown_harmless(tmp_path):
    top = project(tmp_path / "top")
    put(top, "\x1b[31mred\nline", "")
    answers = vtm(top, "preflight"), vtm(top, "preflight", "--json")
    assert [each.code for each in answers] == [1, 1]
    assert not any("\x1b" in each.out for each in answers)
    assert "\\x1b[31mred\\nline" in answers[0].out


BROKEN = {
    "no-git": lambda top, monkeypatch: monkeypatch.setenv("PATH", "/nowhere"),
    "broken": lambda top, monkeypatch: (top / ".git" / "HEAD").write_text("garbage", "utf-8"),
    "empty": lambda top, monkeypatch: (shutil.rmtree(top / ".git"), (top / ".git").mkdir()),
}


@pytest.mark.parametrize("command", [["preflight"], ["next", "--startable"]], ids=lambda command: command[0])
@pytest.mark.parametrize("name", BROKEN)
def test_git_that_fails_is_exit_5(name, command, tmp_path, monkeypatch):
    top = project(tmp_path / "top")
    BROKEN[name](top, monkeypatch)
    answer = vtm(top, *command, "--json")
    assert (answer.code, answer.json["code"], answer.json["error"]) == (5, "GIT-FAILED", "external")
    assert answer.json["fix"]
    assert vtm(top, "next").code == 0


# --- next --startable

STARTED = {"status": "in-progress", "started_at": "2026-03-10T11:00:00Z"}
OPEN = [task(f"A--T0{number}") for number in range(1, 5)]
GONE = {"related_specs": ["docs/specs/gone.md"]}

STARTABLE = {  # to each name: project, what happens then, the task or None, skipped tasks with codes
    "clean": ({}, None, "A--T01", {}),
    "feature": ({"tasks": OPEN[:1]}, _feature, None, {"A--T01": [NOT_MAIN]}),
    "dirt": ({"tasks": OPEN[:1]}, lambda top: put(top, "a.md", ""), None, {"A--T01": [DIRTY]}),
    "gate-off": ({"files": toml("[git]\ngate = false\n")}, _both, "A--T01", {}),
    "below-the-limit": (
        {"tasks": OPEN, "state": dict.fromkeys(["A--T01", "A--T02"], STARTED)},
        None,
        "A--T03",
        {},
    ),
    "wip-limit": (
        {"tasks": OPEN, "state": dict.fromkeys(["A--T01", "A--T02", "A--T03"], STARTED)},
        None,
        None,
        {"A--T04": ["BLOCKED::WIP-LIMIT"]},
    ),
    "no-limit": (
        {
            "tasks": OPEN,
            "state": dict.fromkeys(["A--T01", "A--T02", "A--T03"], STARTED),
            "files": toml("wip_limit = 0\n"),
        },
        None,
        "A--T04",
        {},
    ),
    "missing-context": (
        {"tasks": [task("A--T01", risk="High", **GONE), task("A--T02")]},
        None,
        "A--T02",
        {},
    ),
    "all-skipped": (
        {"tasks": [task("A--T01", **GONE), task("A--T02", acceptance_criteria=[])]},
        None,
        None,
        {"A--T01": ["BLOCKED::MISSING-CONTEXT::A--T01"], "A--T02": ["BLOCKED::EMPTY-AC::A--T02"]},
    ),
    "provisional-held": (
        {
            "tasks": [
                task("A--T01", risk="High", needs=["A--T02"]),
                task("A--T02"),
                task("A--T03", provisional=True),
            ]
        },
        None,
        "A--T02",
        {},
    ),
    "manifest-blocked": (
        {"tasks": OPEN[:1], "manifest": {"status": "BLOCKED"}},
        None,
        None,
        {"A--T01": ["BLOCKED::MANIFEST-BLOCKED"]},
    ),
    "someone-elses-cycle": (
        {"tasks": [*OPEN[:1], task("A--T05", needs=["A--T06"]), task("A--T06", needs=["A--T05"])]},
        None,
        "A--T01",
        {},
    ),
}


@pytest.mark.parametrize("name", STARTABLE)
def test_next_startable(name, tmp_path):
    arranged, then, expected, skipped = STARTABLE[name]
    top = project(tmp_path / "top", **arranged)
    if then:
        then(top)
    answer = vtm(top, "next", "--startable", "--json", "--now", NOW)
    found = answer.json
    assert (found.get("task_id"), answer.code) == (expected, 0 if expected else 1)
    if not expected:
        assert {each["task_id"]: each["codes"] for each in found["skipped"]} == skipped
        assert found["outcome"] == "waiting"


def test_a_provisional_task_is_held_until_no_high_task_is_open(tmp_path):
    tasks = [task("A--T01", risk="High"), task("A--T02", provisional=True)]
    top = project(
        tmp_path / "top", tasks=tasks, state={"A--T01": {"status": "blocked", "blocked_reason": "x"}}
    )
    assert vtm(top, "next", "--startable", "--json").json["outcome"] == "waiting"
    put(top, STATE, json.dumps({"tasks": {"A--T01": STARTED}}))
    assert vtm(top, "next", "--startable", "--json").json["task_id"] == "A--T02"


# --- validate: no gates, but what is on main

VALIDATE = {
    "feature": _feature,
    "detached": lambda top: git(top, "checkout", "-q", "--detach"),
    "dirt": lambda top: put(top, "a.md", ""),
    "staged": lambda top: (_both(top), git(top, "add", "-A")),
    "wip-limit": lambda top: put(top, "vtm.toml", "wip_limit = 1\n"),
    "stale-prd": lambda top: put(top, PRD, "---\nstatus: stale\n---\n"),
}


@pytest.mark.parametrize("name", VALIDATE)
def test_validate_knows_no_gate(name, tmp_path):
    top = project(tmp_path / "top", state={"A--T01": STARTED})
    VALIDATE[name](top)
    answer = vtm(top, "validate", "--strict", "--json", "--now", NOW)
    assert (answer.code, answer.json["findings"]) == (0, [])


def finished(commit_id, **more):
    return {
        **done("A--T01")["A--T01"],
        "acs_completed": ["A--T01-AC01"],
        "evidence": {"commit": commit_id},
        **more,
    }


def missing_tests(top, commit_id, **more):
    put(top, STATE, json.dumps({"tasks": {"A--T01": finished(commit_id, **more)}}))
    codes = [each["code"] for each in vtm(top, "validate", "--json").json["findings"]]
    return "BLOCKED::MISSING-TESTS::A--T01" in codes


def test_tests_are_due_once_the_commit_is_on_main(tmp_path):
    top = project(tmp_path / "top", tasks=[task("A--T01")])
    _feature(top)
    put(top, "src/a.py", "")
    made = commit(top)
    git(top, "switch", "-q", "main")
    assert not missing_tests(top, made)
    git(top, "stash", "-q")
    git(top, "merge", "-q", "feature/x")
    assert missing_tests(top, made)
    assert missing_tests(top, made[:9])
    assert not missing_tests(top, made, status="in-progress")
    assert not missing_tests(top, "--output=x")
    assert not missing_tests(top, "")
    put(top, "tests/test_a.py", "")
    assert not missing_tests(top, made)


def test_outside_git_nothing_is_on_main(tmp_path):
    write(tmp_path, [task("A--T01")], {"A--T01": finished("f" * 40)}, {"timestamp": "2026-02-01T00:00:00Z"})
    assert not missing_tests(tmp_path, "f" * 40)


CHANGES = {  # to each name: fields of the manifest, entries of the state, whether the change is reported
    "after": ({"timestamp": "2026-02-15T00:00:00Z"}, {}, True),
    "before": ({"timestamp": "2026-03-02T00:00:00Z"}, {}, False),
    "no-timestamp": ({}, {}, False),
    "over": ({"timestamp": "2026-02-15T00:00:00Z"}, done("A--T01"), False),
}


@pytest.mark.parametrize("name", CHANGES)
def test_specs_changed_after_the_manifest(name, tmp_path):
    manifest, state, reported = CHANGES[name]
    top = project(
        tmp_path / "top", tasks=TASKS[:1], state=state, manifest=manifest, at="2026-02-01T00:00:00Z"
    )
    put(top, SPEC, "# Shop, changed\n")
    commit(top, at="2026-03-01T12:00:00Z")
    codes = [each["code"] for each in vtm(top, "validate", "--json", "--now", NOW).json["findings"]]
    assert ("WARN::SPEC-CHANGED-AFTER-MANIFEST" in codes) is reported


def test_a_change_that_is_not_committed_is_none_yet(tmp_path):
    top = project(tmp_path / "top", manifest={"timestamp": "2026-03-02T00:00:00Z"})
    put(top, SPEC, "# Shop, changed\n")
    assert vtm(top, "validate", "--strict").code == 0


# --- how often git is asked

CALLS = {
    "preflight": (["preflight"], 1),
    "startable": (["next", "--startable"], 1),
    "why": (["why", "A--T02"], 1),
    "next": (["next"], None),
    "blocked": (["blocked"], None),
    "pulse": (["pulse"], None),
    "status": (["status"], None),
    "list": (["list", "--eligible"], None),
    "graph": (["graph", "show"], None),
    "validate": (["validate"], 0),
}


@pytest.mark.parametrize("name", CALLS)
def test_how_often_git_is_asked_for_its_status(name, tmp_path, monkeypatch):
    """None: git is not asked for anything at all."""
    arguments, expected = CALLS[name]
    tasks = [*TASKS, *(task(f"B--T{number:02}", **GONE) for number in range(9))]
    top = project(tmp_path / "top", tasks=tasks, manifest={"timestamp": "2026-03-02T00:00:00Z"})
    log = spy_on_git(monkeypatch, tmp_path)
    vtm(top, *arguments)
    calls = log.read_text("utf-8").splitlines()
    asked = [each.split()[0] for each in calls].count("status")
    assert (asked if calls else None) == expected
