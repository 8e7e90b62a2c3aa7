"""One session outside of a run."""

import json
import subprocess

from tests.cli.processes import COMMAND, call, environment
from tests.engine.engines import Engine, happened
from tests.engine.shops import entry, shop
from tests.repositories import vtm
from tests.state.projects import state


def spawn(of, *arguments):
    done = call(of.root, "spawn", *arguments, "--json")
    return done.returncode, json.loads(done.stdout)


def test_the_answer_comes_when_the_agent_runs(tmp_path):
    of = shop(tmp_path, [entry("A--T1")], {"A--T1": ["hangs"]})
    code, answer = spawn(of, "A--T1")
    again, same = spawn(of, "A--T1")
    seen = json.loads(call(of.root, "sessions", "--json").stdout)
    ended = call(of.root, "abort", answer["session"], "--json")

    assert (code, answer["session"], answer["started"]) == (0, "A--T1:1", True)
    assert (again, same["session"], same["started"], same["pid"]) == (0, "A--T1:1", False, answer["pid"])
    assert [each["id"] for each in seen["sessions"]] == ["A--T1:1"]
    assert ended.returncode == 0
    assert of.plan.alive == []
    assert len([each for each in of.plan.audit if each["what"] == "start"]) == 1


def test_many_at_once_start_one(tmp_path):
    of = shop(tmp_path, [entry("A--T1")], {"A--T1": ["hangs"]})
    command = [*COMMAND, "spawn", "A--T1", "--json"]
    each = [
        subprocess.Popen(command, cwd=of.root, env=environment(), stdout=subprocess.PIPE) for _ in range(4)
    ]
    told = [json.loads(process.communicate(timeout=60)[0]) for process in each]

    assert {answer.get("session") for answer in told} == {"A--T1:1"}
    assert [answer["started"] for answer in told].count(True) == 1
    call(of.root, "abort", "A--T1:1")
    assert of.plan.alive == []
    assert len([line for line in of.plan.audit if line["what"] == "start"]) <= 1


def test_it_is_checked_and_not_merged(tmp_path):
    of = shop(tmp_path, [entry("A--T1")], {"A--T1": ["lies-about-commits", "well"]})
    code, answer = spawn(of, "A--T1", "--wait")

    assert (code, answer["completed"], answer["session"]) == (0, True, "A--T1:2")
    assert [each["branch"] for each in answer["waiting"]] == ["feat/A--T1"]
    assert vtm(of.root, "merge", "A--T1").code == 0


def test_a_session_names_the_one_that_started_it(tmp_path):
    of = shop(tmp_path, [entry("A--T1")])
    done = call(of.root, "spawn", "A--T1", "--wait", "--json", env={"VTM_SESSION": "X--T1:1"})

    assert json.loads(done.stdout)["parent"] == "X--T1:1"


def test_what_cannot_be_started_says_why(tmp_path):
    of = shop(tmp_path, [entry("A--T1"), entry("A--T2", ["A--T1"])], {"A--T1": ["crashes"]})
    waits = spawn(of, "A--T2")
    failed = spawn(of, "A--T1", "--wait")
    unknown = spawn(of, "A--T9")

    assert (waits[0], waits[1]["code"]) == (1, "BLOCKED::DEPENDENCY-NOT-DONE::A--T2")
    assert waits[1]["fix"].startswith("complete the dependency first"), "the fix is that of the gate"
    assert (failed[0], failed[1]["blocked"][0]["codes"]) == (1, ["AGENT-FAILED"])
    assert state(of.root)["A--T1"]["status"] == "blocked"
    assert (unknown[0], unknown[1]["code"]) == (2, "UNKNOWN-TASK")


def test_a_session_that_nobody_attends_to_any_more_is_named_with_what_takes_it_over(tmp_path):
    of = shop(tmp_path, [entry("A--T1")], seconds={"A--T1": 2})
    with Engine(of.root) as engine:
        engine.until("launched")
        engine.kill()
    code, error = spawn(of, "A--T1")

    assert (code, error["code"]) == (4, "SESSION-UNATTENDED")
    assert "`vtm run` takes over" in error["fix"]
    again, (*told, answer), _ = of.run("--merge", "auto")
    assert (again, answer["merged"], happened(told, "claimed")) == (0, ["A--T1"], [])


def test_a_run_names_what_is_at_work_beside_it(tmp_path):
    of = shop(tmp_path, [entry("A--T1"), entry("A--T2", ["A--T1"])])
    vtm(of.root, "start", "A--T1", "--agent", "me")
    code, (*_, answer), _ = of.run()

    assert (code, answer["outcome"]) == (1, "stuck")
    assert [(each["task_id"], each["codes"]) for each in answer["held"]] == [("A--T1", ["IN-PROGRESS"])]
    assert "me works at it" in answer["held"][0]["reason"]
