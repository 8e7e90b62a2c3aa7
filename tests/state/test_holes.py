"""Ways round leases and evidence that were once open."""

import json
import shutil

import pytest

from tests.projects import STATE, criteria, put, task
from tests.repositories import vtm
from tests.state.projects import FORMS, JOURNAL, events, files, state

A, B = "A--T01", "B--T01"
NOON = "2026-01-01T12:00:00Z"
LATER = "2026-01-01T12:05:00Z"


@pytest.fixture
def root(tmp_path, form):
    root = FORMS[form](tmp_path / "shop", [task(A, acceptance_criteria=criteria(A, "a")), task(B)])
    put(root, "tests/test_a.py", "")
    return root


def run(root, *arguments, at=NOON):
    answer = vtm(root, *arguments, "--json", "--now", at)
    return answer.code, answer.json


def taken_over(root):
    assert run(root, "start", A, "--agent", "ada", "--ttl", "1m")[0] == 0
    before = {name: (root / name).read_bytes() for name in (STATE, JOURNAL)}
    assert run(root, "start", A, "--agent", "bob", "--session", "s2", at=LATER)[0] == 0
    return before


def test_a_state_that_goes_back_does_not_bring_an_old_epoch_back(root):
    for name, data in taken_over(root).items():
        (root / name).write_bytes(data)
    code, answer = run(root, "ac", A, "AC01", "--epoch", "1", at=LATER)
    assert (code, answer["code"]) == (4, f"BLOCKED::STALE-EPOCH::{A}")
    assert "it is at 2, which bob holds" in answer["message"]
    assert run(root, "note", A, "still here", "--epoch", "2", at=LATER)[0] == 0
    assert vtm(root, "replay", "--check").code == 0


def test_after_undo_of_a_takeover_neither_epoch_counts(root):
    taken_over(root)
    assert run(root, "undo", A, "--epoch", "2", at=LATER)[0] == 0
    assert (state(root)[A]["owner"], state(root)[A]["epoch"]) == ("ada", 3)
    for epoch in ("1", "2"):
        code, answer = run(root, "note", A, "x", "--epoch", epoch, at=LATER)
        assert (code, answer["code"]) == (4, f"BLOCKED::STALE-EPOCH::{A}")
    assert run(root, "start", A, "--agent", "eve", at="2026-01-01T13:00:00Z")[1]["epoch"] == 4
    assert vtm(root, "replay", "--check").code == 0


def test_two_branches_that_start_one_task_leave_nobody_with_its_epoch(root, tmp_path):
    assert run(root, "note", A, "shared")[0] == 0
    other = shutil.copytree(root, tmp_path / "other")
    shared = len((root / JOURNAL).read_bytes())
    assert run(root, "start", A, "--agent", "ada")[0] == 0
    assert run(other, "start", A, "--agent", "bob", at=LATER)[0] == 0
    theirs = (other / JOURNAL).read_bytes()[shared:]
    (root / JOURNAL).write_bytes((root / JOURNAL).read_bytes() + theirs)
    code, answer = run(root, "ac", A, "AC01", "--epoch", "1", at=LATER)
    assert (code, answer["code"]) == (4, f"BLOCKED::STALE-EPOCH::{A}")
    assert run(root, "note", B, "x", at=LATER)[0] == 0
    assert (state(root)[A]["owner"], state(root)[A]["epoch"]) == ("bob", 2)


@pytest.mark.parametrize("key", ["journal", "state"])
def test_two_files_with_one_path_are_refused(key, root):
    before = files(root)
    put(root, "vtm.toml", f'[paths]\n{key} = "docs/./backlog/virtual-task-manifest.json"\n')
    code, answer = run(root, "note", A, "x")
    assert (code, answer["code"], answer["location"]["line"]) == (2, "INVALID-SETTING", 2)
    assert files(root) == before


EVIDENCE = {
    "negative": {"tests_passed": -5},
    "covers-nothing": {"tests_passed": 3, "covers": {f"{A}-AC01": ["../../gone"]}},
    "covers-unknown": {"tests_passed": 3, "covers": {"NOPE": ["tests/test_a.py"]}},
}


@pytest.mark.parametrize("evidence", EVIDENCE.values(), ids=EVIDENCE)
def test_evidence_of_a_file_is_judged_like_options(evidence, root):
    for command in (["start", A], ["ac", A, "AC01"]):
        assert run(root, *command)[0] == 0
    file = put(root, "evidence.json", json.dumps(evidence))
    assert run(root, "complete", A, "--evidence", str(file))[0] == 2
    assert state(root)[A]["status"] == "in-progress"


def test_undo_takes_what_happened_last_and_not_the_last_line(root):
    assert run(root, "note", A, "newer", at=LATER)[0] == 0
    newer = (root / JOURNAL).read_bytes()
    assert run(root, "note", B, "older", at=NOON)[0] == 0
    older = (root / JOURNAL).read_bytes()[len(newer) :]
    assert b"older" in older
    assert run(root, "undo", at=LATER)[1]["task_id"] == A


def test_undo_of_a_block_says_that_its_resolver_stays(root):
    block = ("--reason", "r", "--tried", "t", "--suggest", "s", "--create-resolver")
    assert run(root, "block", A, *block)[0] == 0
    answer = vtm(root, "undo", A)
    assert answer.code == 0
    assert f"resolve-{A} stays in the backlog" in answer.err


def test_an_event_at_the_end_of_all_time_is_refused(root):
    assert run(root, "note", A, "x")[0] == 0
    text = (root / JOURNAL).read_text("utf-8").replace(events(root)[0]["at"], "9999-12-31T23:59:59.999999Z")
    (root / JOURNAL).write_text(text, "utf-8")
    assert run(root, "note", A, "y")[0] == 4


def test_an_epoch_that_no_database_holds_is_no_bug(root):
    put(root, STATE, json.dumps({"tasks": {A: {"status": "pending", "epoch": 2**63 - 1}}}))
    assert run(root, "start", A, "--agent", "ada")[0] == 5


def test_a_state_that_leads_to_itself_is_no_bug(root):
    (root / STATE).symlink_to("task-state.json")
    assert run(root, "note", A, "x")[0] == 3


@pytest.mark.parametrize("path", ["/x/task-state.json", "../task-state.json"])
def test_a_merge_writes_nothing_outside_the_repository(path, root):
    for name in ("base", "ours", "theirs"):
        put(root, name, "{}")
    assert vtm(root, "git-merge", "base", "ours", "theirs", path).code == 2
