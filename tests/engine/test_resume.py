"""What a killed engine leaves behind is found, ended or taken over, and the run goes on."""

import pytest

from tests.engine.engines import Engine, happened
from tests.engine.shops import (
    assert_agents_kept_to_the_rules,
    assert_each_is_done_once,
    assert_main_is_whole,
    assert_nothing_is_left,
    entry,
    shop,
)
from tests.repositories import git, vtm
from tests.state.projects import assert_sound, state

ASKED = ("--mode", "parallel", "--merge", "auto")
STEPS = ("run-started", "claimed", "prepared", "launched", "agent-ended", "completed", "merged")


@pytest.mark.parametrize("step", STEPS)
def test_wherever_it_is_killed_it_goes_on(tmp_path, step):
    of = shop(tmp_path, [entry("A--T1"), entry("A--T2", ["A--T1"])])
    with Engine(of.root, *ASKED) as engine:
        engine.until(step)
        engine.kill()
    code, (*_, answer), complaints = of.run("--resume", *ASKED)

    assert (code, answer["outcome"], complaints) == (0, "done", "")
    assert [each["status"] for each in state(of.root).values()] == ["completed"] * 2
    started = [each["task"] for each in of.plan.audit if each["what"] == "start"]
    assert sorted(started) == ["A--T1", "A--T2"]
    assert_each_is_done_once(of)
    assert_main_is_whole(of)
    assert_nothing_is_left(of)
    assert_sound(of.root)


def test_an_agent_that_lives_is_taken_over_with_the_options_of_the_run(tmp_path):
    names = [f"A--T{number}" for number in (1, 2, 3)]
    of = shop(tmp_path, map_entries(names), seconds={"A--T1": 12})
    with Engine(of.root, *ASKED, "--max", "2") as engine:
        engine.until("launched", "A--T1")
        engine.kill()
    code, (*told, answer), _ = of.run("--resume")

    assert (code, answer["outcome"], answer["mode"], answer["max"]) == (0, "done", "parallel", 2)
    assert told[0]["event"] == "run-resumed"
    assert "A--T1" in happened(told, "adopted")
    assert "A--T1" not in happened(told, "claimed")
    assert_agents_kept_to_the_rules(of, 2)


def test_what_it_has_done_counts_for_how_much_it_was_to_do(tmp_path):
    of = shop(tmp_path, map_entries(["A--T1", "A--T2", "A--T3"]))
    with Engine(of.root, "--until", "2") as engine:
        engine.until("completed")
        engine.kill()
    done = [each["status"] for each in state(of.root).values()].count("completed")
    code, (*told, answer), _ = of.run("--resume")
    assert (code, answer["outcome"], done, len(answer["completed"])) == (0, "limit", 1, 1)
    _, (*told, answer), _ = of.run("--resume")
    assert (answer["outcome"], happened(told, "claimed")) == ("limit", [])
    _, (*told, answer), _ = of.run("--resume", "--until", "1")
    assert len(answer["completed"]) == 1
    assert_each_is_done_once(of)


def map_entries(names):
    return [entry(name) for name in names]


def test_the_state_wins_over_what_the_engine_remembers(tmp_path):
    """While the engine was gone, somebody has reset the task, and its agent still runs."""
    of = shop(tmp_path, [entry("A--T1")], {"A--T1": ["hangs", "well"]})
    with Engine(of.root, *ASKED) as engine:
        engine.until("launched")
        engine.kill()
    assert vtm(of.root, "reset", "A--T1", "--epoch", "1", "--reason", "begin anew").code == 0
    code, (*told, answer), _ = of.run("--resume")

    assert (code, answer["completed"]) == (0, ["A--T1"])
    assert happened(told, "differs") == ["A--T1"]
    assert [each["session"] for each in of.plan.audit if each["what"] == "start"] == ["A--T1:1", "A--T1:2"]
    assert_nothing_is_left(of)


def test_what_was_merged_is_not_merged_again(tmp_path):
    of = shop(tmp_path, [entry("A--T1"), entry("A--T2")])
    of.run("--mode", "parallel")
    assert vtm(of.root, "merge", "--ready").code == 0
    before = git(of.root, "rev-parse", "main")
    code, (*told, answer), _ = of.run("--resume", *ASKED)

    assert (code, answer["outcome"], happened(told, "claimed")) == (0, "done", [])
    assert git(of.root, "rev-parse", "main") == before
    assert_nothing_is_left(of)
