"""A run of a backlog with scripted agents."""

import sqlite3
import time

import pytest

from tests.engine.engines import Engine, happened
from tests.engine.shops import (
    assert_agents_kept_to_the_rules,
    assert_main_is_whole,
    assert_nothing_is_left,
    entry,
    shop,
)
from tests.projects import put
from tests.repositories import commit, git, vtm
from tests.state.projects import state
from vtm.discovery import Project, runtime_folder

PARALLEL = ("--mode", "parallel")
AUTO = ("--merge", "auto")


def chain_and_three():
    """Three tasks that depend on each other, and three that depend on nothing."""
    return [
        entry("A--T1"),
        entry("A--T2", ["A--T1"]),
        entry("A--T3", ["A--T2"]),
        *(entry(f"B--T{number}") for number in (1, 2, 3)),
    ]


def statuses(of):
    return {name: state(of.root).get(name, {}).get("status", "pending") for name in of.tasks}


def runtime(of):
    return runtime_folder(Project(of.root, of.root, of.root))


def test_each_task_starts_as_soon_as_its_dependencies_are_done(tmp_path):
    of = shop(tmp_path, chain_and_three(), seconds={"B--T1": 5})
    code, told, complaints = of.run(*PARALLEL, *AUTO)

    assert (code, told[-1]["outcome"], complaints) == (0, "done", "")
    assert set(statuses(of).values()) == {"completed"}
    assert set(told[-1]["merged"]) == set(of.tasks)
    steps = [(each["event"], each["task"]) for each in told[:-1]]
    for name in ("A--T2", "A--T3"):
        (need,) = of.tasks[name]["depends_on_tasks"]
        assert steps.index(("merged", need)) < steps.index(("claimed", name))
        assert steps.index(("claimed", name)) < steps.index(("agent-ended", "B--T1"))
    assert_agents_kept_to_the_rules(of, 6)
    assert_main_is_whole(of)
    assert_nothing_is_left(of)


def test_what_others_do_meanwhile_is_taken_up(tmp_path):
    """A task that a person gives back is begun while another one is still at work."""
    tasks = [entry("A--T1"), entry("B--T1")]
    of = shop(tmp_path, tasks, {"A--T1": ["waits-for-others"]})
    assert vtm(of.root, "start", "B--T1").code == 0
    with Engine(of.root, *PARALLEL) as engine:
        engine.until("launched", "A--T1")
        assert vtm(of.root, "release", "B--T1").code == 0
        engine.until("agent-ended", "B--T1")
        engine.until("completed", "A--T1")
        code, answer = engine.end()
    assert (code, sorted(answer["completed"])) == (0, ["A--T1", "B--T1"]), answer


def test_what_a_person_merges_meanwhile_lets_others_begin(tmp_path):
    tasks = [entry("A--T1"), entry("A--T2", ["A--T1"]), entry("B--T1")]
    of = shop(tmp_path, tasks, {"B--T1": ["waits-for-others"]})
    with Engine(of.root, *PARALLEL) as engine:
        engine.until("completed", "A--T1")
        assert vtm(of.root, "merge", "A--T1").code == 0
        engine.until("claimed", "A--T2")
        code, answer = engine.end()
    assert (code, sorted(answer["completed"])) == (0, sorted(of.tasks)), answer
    assert sorted(each["task_id"] for each in answer["waiting"]) == ["A--T2", "B--T1"]


def test_a_state_that_is_broken_while_an_agent_works_and_mended_before_it_ends_harms_nothing(tmp_path):
    of = shop(tmp_path, [entry("A--T1"), entry("A--T2")], seconds={"A--T1": 7})
    path = of.root / "docs/backlog/task-state.json"
    with Engine(of.root, *AUTO) as engine:
        engine.until("launched")
        before = path.read_bytes()
        path.write_bytes(b"<<<<<<< HEAD\n" + before)
        time.sleep(3)
        path.write_bytes(before)
        code, answer = engine.end()
    assert (code, answer["merged"]) == (0, ["A--T1", "A--T2"]), engine.told


def test_a_gate_that_fails_does_not_run_again_while_nothing_has_ended(tmp_path):
    gate = tmp_path / "gate"
    command = f"echo x >> '{gate}'; test $(wc -l < '{gate}') -lt 2"
    tasks = [entry("A--T1", phase="One"), entry("B--T1", phase="Two")]
    of = shop(tmp_path, tasks, seconds={"A--T1": 7}, settings=f'[gate.phase]\nbefore = ["{command}"]\n')
    with Engine(of.root, *PARALLEL) as engine:
        engine.until("held", "B--T1")
        engine.until("launched", "A--T1")
        time.sleep(4)
        assert vtm(of.root, "note", "B--T1", "Mind the gate").code == 0
        time.sleep(2)
        assert gate.read_text().split() == ["x"] * 2
        engine.until("completed", "A--T1")


def test_one_after_another_goes_in_the_order_of_selection(tmp_path):
    tasks = [entry("A--T1", risk="Low"), entry("A--T2"), entry("A--T3", risk="High")]
    of = shop(tmp_path, tasks)
    code, told, _ = of.run(*AUTO)

    assert code == 0
    assert happened(told, "claimed") == ["A--T3", "A--T2", "A--T1"]
    assert_agents_kept_to_the_rules(of, 1 + 1)


def test_without_merging_it_ends_with_the_branches_and_goes_on_after_that(tmp_path):
    of = shop(tmp_path, [entry("A--T1"), entry("A--T2", ["A--T1"])])
    code, (*_, first), _ = of.run(*PARALLEL)
    ready = vtm(of.root, "merge", "--ready", "--json")
    again, (*_, second), _ = of.run(*PARALLEL)

    assert (code, first["outcome"], first["completed"], first["left"]) == (0, "waiting", ["A--T1"], ["A--T2"])
    assert [each["branch"] for each in first["waiting"]] == ["feat/A--T1"]
    assert ready.code == 0
    assert (again, second["outcome"], second["completed"]) == (0, "waiting", ["A--T2"])


@pytest.mark.parametrize(
    ("arguments", "outcome", "done"),
    [
        pytest.param(("--until", "1"), "limit", {"A--T1"}, id="until"),
        pytest.param(("--slice", "1.2"), "done", {"A--T3"}, id="slice"),
        pytest.param(("--wave", "2"), "done", {"A--T1", "A--T2", "A--T3"}, id="wave"),
    ],
)
def test_a_part_of_it(tmp_path, arguments, outcome, done):
    of = shop(tmp_path, [entry("A--T1"), entry("A--T2"), entry("A--T3", slice="Slice 1.2")])
    code, told, _ = of.run(*arguments, *AUTO)

    assert (code, told[-1]["outcome"]) == (0, outcome)
    assert {name for name, status in statuses(of).items() if status == "completed"} == done
    if "--wave" in arguments:
        steps = [(each["event"], each["task"]) for each in told[:-1]]
        last = steps.index(("claimed", "A--T3"))
        assert all(steps.index(("merged", name)) < last for name in ("A--T1", "A--T2"))


@pytest.mark.parametrize("mode", ["sequential", "parallel"])
def test_the_mode_is_the_one_that_is_asked_for(tmp_path, mode):
    of = shop(tmp_path, [entry("A--T1"), entry("A--T2")])
    _, (answer,), _ = of.run("--mode", mode, "--dry-run")
    steps = {"sequential": [1, 2], "parallel": [1, 1]}[mode]
    assert (answer["mode"], [each["step"] for each in answer["steps"]]) == (mode, steps)
    _, (*_, answer), _ = of.run("--mode", mode)
    starts = [each["beside"] for each in of.plan.audit if each["what"] == "start"]
    assert (answer["mode"], len(starts)) == (mode, 2)
    assert mode == "parallel" or starts == [[], []]


def test_a_dry_run_shows_the_steps_and_starts_nothing(tmp_path):
    of = shop(tmp_path, chain_and_three())
    code, (answer,), _ = of.run(*PARALLEL, "--dry-run")

    steps = {each["task_id"]: (each["step"], each["runner"]) for each in answer["steps"]}
    assert (code, answer["outcome"], answer["run"]) == (0, "planned", "")
    assert steps["A--T1"] == steps["B--T1"] == (1, "scripted")
    assert steps["A--T1"][0] < steps["A--T2"][0] < steps["A--T3"][0]
    assert of.plan.audit == []
    assert not (of.root / "docs/backlog/task-events.jsonl").exists()
    assert not runtime(of).exists()
    assert len(git(of.root, "worktree", "list").splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "setting"),
    [
        pytest.param(("--max", "4"), "wip_limit", id="max"),
        pytest.param(("--wave", "4"), "wip_limit", id="wave"),
        pytest.param(("--wave", "11"), "wave_max", id="wave-max"),
        pytest.param(("--slice", "9"), "slice", id="slice"),
        pytest.param(("--runner", "nobody"), "nobody", id="runner"),
    ],
)
def test_what_cannot_be_meant(tmp_path, arguments, setting):
    of = shop(tmp_path, [entry("A--T1")])
    settings = (of.root / "vtm.toml").read_text("utf-8").replace("wip_limit = 0", "wip_limit = 3")
    put(of.root, "vtm.toml", settings)
    commit(of.root)
    code, (answer,), _ = of.run(*arguments)

    assert (code, answer["schema"]) == (2, "vtm.error/1")
    assert setting in answer["message"]


def test_incomplete_metadata_is_run_one_after_another(tmp_path):
    of = shop(tmp_path, [entry("A--T1"), entry("A--T2", parallel=None)])
    code, (*_, answer), _ = of.run(*PARALLEL, *AUTO)

    assert (code, answer["mode"], answer["max"]) == (0, "sequential", 1)
    assert "WARN::PARALLEL-METADATA-MISSING" in [each["code"] for each in answer["findings"]]


def test_the_lease_is_renewed_while_the_agent_lives(tmp_path):
    of = shop(tmp_path, [entry("A--T1")], seconds={"A--T1": 2}, settings='lease_ttl = "1s"\n')
    code, *_ = of.run(*AUTO)
    with sqlite3.connect(runtime(of) / "runtime.db") as database:
        ((granted, renewed, ended),) = database.execute("SELECT granted_at, renewed_at, ended FROM lease")
    database.close()

    assert code == 0
    assert (renewed > granted, ended) == (True, 1)


def test_a_second_run_says_who_is_at_it(tmp_path):
    of = shop(tmp_path, [entry("A--T1")], {"A--T1": ["hangs"]})
    with Engine(of.root) as first:
        first.until("launched")
        code, (answer,), _ = of.run()
        first.interrupt()
        first.until("draining")
        first.interrupt()
        assert first.end()[0] == 1

    assert of.plan.alive == []
    assert (code, answer["code"]) == (4, "RUN-UNDER-WAY")
    assert str(first.process.pid) in answer["message"]


def test_what_it_is_told_to_stay_out_of_it_does(tmp_path):
    """A task that somebody else has taken up is nobody's to start; its place is taken."""
    of = shop(tmp_path, [entry("A--T1"), entry("A--T2", ["A--T1"])])
    assert vtm(of.root, "start", "A--T1", "--agent", "ada", "--session", "s1").code == 0
    code, told, _ = of.run(*PARALLEL, *AUTO)

    assert (code, told[-1]["outcome"], happened(told, "claimed")) == (1, "stuck", [])
    assert statuses(of)["A--T1"] == "in-progress"


def test_the_gate_behind_the_last_phase_is_asked_too(tmp_path):
    of = shop(tmp_path, [entry("A--T1")], settings='[gate.phase]\nafter = ["exit 3"]')
    code, (*_, answer), _ = of.run(*AUTO)

    assert (code, answer["outcome"], answer["merged"]) == (1, "stuck", ["A--T1"])
    assert "exit code 3" in answer["gate"]


def test_agents_are_told_of_the_worktree_that_they_are_in_and_to_push_nothing(tmp_path):
    of = shop(tmp_path, [entry("A--T1")])
    of.run()

    (prompt,) = (runtime(of) / "sessions").glob("*/prompt.md")
    text = prompt.read_text("utf-8")
    assert "Push nothing" in text
    assert not {word for word in ("git push", "git switch", "pull request") if word in text}


def test_a_branch_with_another_prefix_waits_under_its_own_name(tmp_path):
    of = shop(tmp_path, [entry("A--T1")])
    assert vtm(of.root, "worktree", "make", "A--T1", "--prefix", "fix/").code == 0
    code, (*_, answer), _ = of.run()

    assert (code, answer["outcome"]) == (0, "waiting")
    assert [each["branch"] for each in answer["waiting"]] == ["fix/A--T1"]
    _, (*_, again), _ = of.run(*AUTO)
    assert again["merged"] == ["A--T1"]
