"""What happens to a run from outside while its agents work: they finish, and no work is lost."""

import os
import signal
import subprocess
from contextlib import suppress

import pytest

from tests.cli.processes import COMMAND, environment
from tests.engine.engines import Engine, happened
from tests.engine.shops import (
    assert_agents_kept_to_the_rules,
    assert_each_is_done_once,
    assert_main_is_whole,
    entry,
    shop,
)
from tests.state.projects import state


def test_a_state_that_is_damaged_ends_the_run_when_its_agents_have_ended(tmp_path):
    of = shop(tmp_path, [entry("A--T1"), entry("A--T2")], seconds={"A--T1": 1, "A--T2": 2})
    path = of.root / "docs/backlog/task-state.json"
    with Engine(of.root, "--mode", "parallel", "--max", "2", "--merge", "auto") as engine:
        engine.until("launched")
        engine.until("launched")
        before = path.read_bytes()
        path.write_text("{garbage", "utf-8")
        code, error = engine.end()

    assert (code, error["code"]) == (3, "GAP::UNREADABLE")
    assert len(happened(engine.told, "agent-ended")) == 2
    assert of.plan.alive == []
    path.write_bytes(before)
    again, (*told, answer), _ = of.run("--resume")
    assert (again, answer["outcome"], happened(told, "launched")) == (0, "done", [])
    assert_each_is_done_once(of)
    assert_main_is_whole(of)


def test_workflows_that_are_damaged_take_no_work_with_them(tmp_path):
    of = shop(tmp_path, [entry("A--T1"), entry("A--T2")], seconds={"A--T1": 2})
    workflows = of.root / ".git/vtm/workflows.db"
    with Engine(of.root, "--merge", "auto") as engine:
        engine.until("launched")
        for each in workflows.parent.glob("workflows.db*"):
            each.write_text("garbage" * 10_000, "utf-8")
        code, answer = engine.end()

    assert (code, answer["merged"]) == (1, ["A--T1"])
    assert [each["codes"] for each in answer["held"]] == [["WORKFLOWS-FAILED"]]
    again, (*told, answer), complaints = of.run("--resume")
    assert (again, answer["outcome"], complaints) == (0, "done", "")
    assert happened(told, "launched") == ["A--T2"]
    assert_each_is_done_once(of)


def test_an_agent_whose_record_is_lost_is_ended_before_the_next_starts(tmp_path):
    of = shop(tmp_path, [entry("A--T1")], {"A--T1": ["hangs", "well"]})
    with Engine(of.root, "--merge", "auto") as engine:
        engine.until("launched")
        engine.kill()
    for path in (of.root / ".git/vtm").glob("*.db*"):
        path.unlink()
    code, (*told, answer), _ = of.run("--merge", "auto")

    assert (code, answer["merged"], happened(told, "launched")) == (0, ["A--T1"], ["A--T1"])
    assert of.plan.alive == []
    assert_agents_kept_to_the_rules(of, 1)


def test_a_terminal_that_goes_away_drains_however_often_that_is_said(tmp_path):
    of = shop(tmp_path, [entry("A--T1"), entry("A--T2")], seconds={"A--T1": 2})
    with Engine(of.root, "--merge", "auto") as engine:
        engine.until("launched")
        engine.process.send_signal(signal.SIGHUP)
        engine.until("draining")
        engine.process.send_signal(signal.SIGHUP)
        code, answer = engine.end()

    assert (code, answer["outcome"], answer["merged"]) == (1, "drained", ["A--T1"])


@pytest.mark.parametrize("format_", ["text", "json"])
def test_a_reader_that_goes_away_is_missed_by_nobody(tmp_path, format_):
    of = shop(tmp_path, [entry("A--T1"), entry("A--T2")])
    command = [*COMMAND, "run", "--merge", "auto", "--format", format_]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=of.root, env=environment(), **pipes) as process:
        try:
            process.stdout.readline()
            process.stdout.close()
            complaints = process.stderr.read().decode()
            code = process.wait()
        finally:
            process.kill()
    assert code == 0, complaints
    assert complaints.count("nobody reads") == 1
    assert_each_is_done_once(of)


def test_ctrl_c_drains_at_a_terminal_too(tmp_path):
    """The live view has a thread of its own, which must not take the signal."""
    of = shop(tmp_path, [entry("A--T1"), entry("A--T2")], seconds={"A--T1": 3})
    ours, theirs = os.openpty()
    command, own = [*COMMAND, "run", "--merge", "auto"], environment() | {"TERM": "xterm"}
    seen = b""
    with subprocess.Popen(command, cwd=of.root, env=own, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        try:
            with suppress(OSError):  # the terminal is over when nobody has it open
                while more := os.read(ours, 4096):
                    asked, seen = b"at work  " in seen, seen + more
                    if b"at work  " in seen and not asked:
                        process.send_signal(signal.SIGINT)
            code = process.wait()
        finally:
            process.kill()
            os.close(ours)

    assert (code, state(of.root)["A--T1"]["status"]) == (1, "completed"), seen
    assert b"draining" in seen
    assert "A--T2" not in state(of.root)
