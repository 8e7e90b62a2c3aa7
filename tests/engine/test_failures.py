"""Agents that go wrong: their tasks end as blocked with a reason, and the rest goes on."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.engine.engines import happened
from tests.engine.shops import assert_main_is_whole, entry, shop
from tests.projects import put
from tests.repositories import commit, git
from tests.state.projects import events, state

PARALLEL_AUTO = ("--mode", "parallel", "--merge", "auto")
ENDS = {
    "crashes": ("AGENT-FAILED", 1),
    "is-killed": ("AGENT-FAILED", 1),
    "hangs": ("AGENT-TIMEOUT", 1),
    "says-nothing": ("NO-REPORT", 3),
    "lies-about-commits": ("NO-COMMIT", 3),
    "lies-about-tests": ("CHECK-FAILED", 3),
    "lies-about-criteria": ("NOT-ACCEPTED", 3),
    "leaves-files": ("UNCOMMITTED-WORK", 3),
    "strays": ("SCOPE-ESCAPE", 3),
}
"""What an agent does, the code for which its task is blocked, and how often it was tried."""


def test_whoever_goes_wrong_is_blocked_and_the_rest_goes_on(tmp_path):
    names = {f"A--T{at}": act for at, act in enumerate(ENDS, 1)}
    tasks = [*map(entry, names), entry("B--T1"), entry("B--T2", ["B--T1"])]
    acts = {name: [act] for name, act in names.items()}
    of = shop(tmp_path, tasks, acts, settings='[run]\ntimeout = "2s"\ngrace = "1s"\n')
    code, (*told, answer), complaints = of.run(*PARALLEL_AUTO)

    assert (code, answer["outcome"], complaints) == (1, "stuck", "")
    blocked = {each["task_id"]: each for each in answer["blocked"]}
    for name, act in names.items():
        why, attempts = ENDS[act]
        entry_ = state(of.root)[name]
        assert entry_["status"] == "blocked"
        assert why in blocked[name]["codes"], blocked[name]
        assert blocked[name]["reason"] == entry_["blocked_reason"] != ""
        assert (
            len([each for each in of.plan.audit if (each["what"], each["task"]) == ("start", name)])
            == attempts
        )
        assert ("Tried:" in entry_.get("notes", "")) == (attempts > 1)
    assert answer["completed"] == answer["merged"] == ["B--T1", "B--T2"]
    assert of.plan.alive == []
    assert {each["epoch"] for each in of.plan.audit if each["task"] == "A--T9"} == {1, 2, 3}
    assert_main_is_whole(of)
    assert not happened(told, "differs")


def starts(of):
    """The tasks for which an agent was started, each as often as it was."""
    return [each["task"] for each in of.plan.audit if each["what"] == "start"]


def test_a_group_with_a_failure_is_finished_one_by_one(tmp_path):
    """Three places, seven tasks of one group; the first one fails at once."""
    names = [f"A--T{number}" for number in range(1, 8)]
    of = shop(tmp_path, map_entries(names), {"A--T1": ["crashes"]}, {"A--T2": 1, "A--T3": 1})
    code, told, _ = of.run("--mode", "parallel", "--max", "3", "--merge", "auto")

    assert (code, len(told[-1]["completed"])) == (1, 6)
    beside = {each["task"]: each["beside"] for each in of.plan.audit if each["what"] == "start"}
    steps = [(each["event"], each["task"]) for each in told[:-1]]
    failed = steps.index(("blocked", "A--T1"))
    late = [name for name in names if ("claimed", name) in steps[failed:]]
    assert late
    assert all(beside[name] == [] for name in late)


def map_entries(names):
    return [entry(name) for name in names]


def test_what_failed_is_told_to_whoever_tries_again(tmp_path):
    of = shop(tmp_path, [entry("A--T1")], {"A--T1": ["strays", "lies-about-commits", "well"]})
    of.run("--merge", "auto")
    prompts = sorted((of.root / ".git/vtm/sessions").glob("*/prompt.md"))
    texts = {path.parent.name[:7]: path.read_text("utf-8") for path in prompts}

    assert "What did not pass before" not in texts["A--T1-1"]
    assert "outside/A--T1.txt" in texts["A--T1-2"]
    told = texts["A--T1-3"].partition("What did not pass before")[2]
    assert told.count("outside/A--T1.txt is outside the file scope") == 2


def test_an_agent_that_completes_its_task_itself_is_checked_all_the_same(tmp_path):
    """It recorded criteria itself and reports; afterwards main holds its work."""
    of = shop(tmp_path, [entry("A--T1")], {"A--T1": ["lies-about-commits", "records"]})
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    code, (*_, answer), _ = of.run("--merge", "auto", env={"PATH": path})

    kinds = [each["event"] for each in events(of.root)]
    assert (code, answer["merged"]) == (0, ["A--T1"])
    assert kinds.count("attempt") == 1
    assert kinds.count("complete") == 1


def test_work_that_cannot_be_merged_is_handed_back_once(tmp_path):
    tasks = [entry("A--T1"), entry("A--T2")]
    of = shop(tmp_path, tasks, {"A--T1": ["clashes", "catches-up"], "A--T2": ["clashes"]})
    code, (*told, answer), _ = of.run("--merge", "auto")

    assert (code, answer["merged"], answer["completed"]) == (1, ["A--T1"], ["A--T1"])
    assert happened(told, "handed-back") == ["A--T1", "A--T2", "A--T2"]
    assert [each["codes"] for each in answer["blocked"]] == [["MERGE-CONFLICT"]]
    assert "src/a_t2/made.py" in state(of.root)["A--T2"]["blocked_reason"]


def unborn(of):
    shutil.rmtree(of.root / ".git")
    git(of.root, "init", "-q", "-b", "main")


def outside(of):
    shutil.rmtree(of.root / ".git")


def missing_agent(of):
    put(
        of.root,
        "vtm.toml",
        '[agents]\nrunner = "mine"\n[runners.mine]\ncommand = ["no-such-program-at-all"]\n',
    )
    commit(of.root)


@pytest.mark.parametrize(
    ("spoil", "code", "what"),
    [
        pytest.param(outside, 2, "NOT-A-REPOSITORY", id="outside-git"),
        pytest.param(unborn, 5, "NO-COMMIT", id="no-commit"),
        pytest.param(lambda of: git(of.root, "checkout", "-q", "--detach"), 1, "ON-MAIN", id="detached"),
        pytest.param(lambda of: put(of.root, "check.py", "x"), 1, "DIRTY-GIT-STATUS", id="dirty"),
        pytest.param(missing_agent, 5, "AGENT-MISSING", id="no-agent"),
    ],
)
def test_what_keeps_a_run_from_starting_changes_nothing(tmp_path, spoil, code, what):
    of = shop(tmp_path, [entry("A--T1")])
    spoil(of)
    found, (answer,), complaints = of.run()

    assert (found, answer["schema"]) == (code, "vtm.error/1"), (answer, complaints)
    assert what in answer["code"]
    assert answer["fix"]
    assert not (of.root / "docs/backlog/task-events.jsonl").exists()


@pytest.mark.parametrize(
    ("blocked", "what"),
    [
        pytest.param(".worktrees/feat/A--T1/there.txt", "PATH", id="path-is-taken"),
        pytest.param(".worktrees", "", id="no-folder-for-worktrees"),
    ],
)
def test_a_worktree_that_cannot_be_made_gives_the_task_back(tmp_path, blocked, what):
    of = shop(tmp_path, [entry("A--T1"), entry("B--T1")])
    put(of.root, ".gitignore", "/.worktrees\n")
    commit(of.root)
    put(of.root, blocked, "in the way")
    code, (*_, answer), complaints = of.run("--merge", "auto")

    assert (code, complaints) == (1, "")
    held = {each["task_id"]: each for each in answer["held"]}
    assert held["A--T1"]["reason"]
    assert what in held["A--T1"]["codes"][0]
    assert state(of.root)["A--T1"]["status"] == "pending"
