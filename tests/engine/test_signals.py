"""Ctrl-C: once to let the agents finish, twice to end them; both leave a run that can go on."""

import signal

import pytest

from tests.engine.engines import Engine, happened
from tests.engine.shops import assert_each_is_done_once, assert_main_is_whole, entry, shop
from tests.state.projects import state

ASKED = ("--mode", "parallel", "--max", "2", "--merge", "auto")


def three(tmp_path, acts=None, seconds=None):
    return shop(tmp_path, [entry(f"A--T{number}") for number in (1, 2, 3)], acts, seconds)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_once_lets_the_agents_finish(tmp_path, sign):
    of = three(tmp_path, seconds={"A--T1": 2, "A--T2": 2})
    with Engine(of.root, *ASKED) as engine:
        engine.until("launched", "A--T2")
        engine.process.send_signal(sign)
        engine.until("draining")
        code, answer = engine.end()

    steps = [each.get("event") for each in engine.told]
    assert "claimed" not in steps[steps.index("draining") :]
    assert (code, answer["outcome"]) == (1, "drained")
    assert sorted([*answer["merged"], *answer["left"]]) == ["A--T1", "A--T2", "A--T3"]
    again, (*told, last), _ = of.run("--resume")
    assert (again, last["outcome"], happened(told, "claimed")) == (0, "done", answer["left"])
    assert_each_is_done_once(of)


def test_twice_ends_them(tmp_path):
    of = three(tmp_path, {"A--T1": ["hangs", "well"], "A--T2": ["leaves-a-child"]})
    with Engine(of.root, *ASKED) as engine:
        engine.until("launched", "A--T1")
        engine.interrupt()
        engine.until("draining")
        engine.interrupt()
        engine.until("stopping")
        code, answer = engine.end()

    assert (code, answer["outcome"]) == (1, "aborted")
    assert of.plan.alive == []
    assert state(of.root)["A--T1"]["status"] == "pending"
    again, (*_, last), _ = of.run("--resume")
    assert (again, last["outcome"], last["mode"]) == (0, "done", "parallel")
    assert_each_is_done_once(of)
    assert_main_is_whole(of)
