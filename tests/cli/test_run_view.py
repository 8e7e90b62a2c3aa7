"""`vtm run` at a terminal shows a live view and leaves the terminal as it was, however it ends."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import termios
import threading
from contextlib import contextmanager

import pytest

from tests.checkout import ROOT
from tests.cli.processes import COMMAND, call, environment
from tests.engine.shops import entry, shop

DEADLINE = 60
LASTING = ("A--T01  completed", "A--T01  merged")


@contextmanager
def run_at_a_terminal(of, **env):
    """`vtm run` at a terminal of its own: the process, and what reads the terminal."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 100))
    before = termios.tcgetattr(theirs)
    plain = {"TERM": "xterm-256color", "NO_COLOR": None, "COLUMNS": None, "LINES": None, "VTM_FORMAT": None}
    process = subprocess.Popen(
        [*COMMAND, "run", "--merge", "auto"],
        cwd=of.root,
        env=environment(**plain | env),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  no threads yet
    )
    try:
        yield process, ours
        assert termios.tcgetattr(theirs) == before
    finally:
        process.kill()
        process.wait()
        os.close(ours)
        os.close(theirs)


def read(terminal, so_far):
    """What is written next; nothing for a long time is a failure, and no reason to wait for ever."""
    ready, _, _ = select.select([terminal], [], [], DEADLINE)
    assert ready, so_far.decode()
    return os.read(terminal, 65536)


def read_until(terminal, text):
    said = b""
    while text not in said:
        said += read(terminal, said)
    return said


def rest(process, terminal):
    """What else is written until the process has ended, and its exit code."""
    ended = threading.Thread(target=lambda: (process.wait(DEADLINE), os.write(terminal, b"the end\n")))
    ended.start()
    said = read_until(terminal, b"the end")  # the terminal echoes it
    ended.join()
    return said.decode(), process.returncode


def assert_untouched(said):
    """Nothing was done to the terminal that would have to be undone: no cursor hidden, no other screen."""
    assert not re.search(r"\x1b\[\?[0-9;]+[hl]|\x1b[=>78]|\x1bc", said)


def test_who_is_at_work_and_what_has_come_of_it(tmp_path):
    of = shop(tmp_path, [entry("A--T01")], {"A--T01": ["swears"]})
    with run_at_a_terminal(of) as (process, terminal):
        said = read_until(terminal, b"1 at work").decode()
        more, code = rest(process, terminal)
    assert code == 0, more
    assert_untouched(said + more)
    assert all(each in said + more for each in LASTING)
    assert "\x1b]0;" not in said + more
    assert '"schema"' not in said + more


@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c(times, tmp_path):
    of = shop(tmp_path, [entry("A--T01"), entry("A--T02")], seconds={"A--T01": 2 if times == 1 else 600})
    with run_at_a_terminal(of) as (process, terminal):
        said = read_until(terminal, b"at work")
        while not of.plan.audit:
            said += read(terminal, said)
        process.send_signal(signal.SIGINT)
        said += read_until(terminal, b"draining")
        if times == 2:
            process.send_signal(signal.SIGINT)
        more, code = rest(process, terminal)
    assert code == 1, more
    assert_untouched(said.decode() + more)
    assert of.plan.alive == []


def test_without_a_terminal_people_ask_for_text(tmp_path):
    of = shop(tmp_path, [entry("A--T01")])
    done = call(of.root, "run", "--merge", "auto", "--format", "text", timeout=DEADLINE)
    said = done.stdout.decode()
    assert said.split()[1] == "run-started"
    assert all(each in said for each in ("merged", "Run 1: done"))


def test_a_terminal_that_can_do_nothing(tmp_path):
    of = shop(tmp_path, [entry("A--T01")])
    with run_at_a_terminal(of, TERM="dumb") as (process, terminal):
        said, code = rest(process, terminal)
    assert code == 0
    assert "\x1b" not in said
    assert all(each in said for each in LASTING)


@pytest.mark.parametrize("options", [[], ["--json"]], ids=["unasked", "json"])
def test_without_a_terminal_each_change_is_one_json_line(options, tmp_path):
    of = shop(tmp_path, [entry("A--T01")])
    done = call(of.root, "run", "--merge", "auto", *options, timeout=DEADLINE)
    schemas = [json.loads(line)["schema"] for line in done.stdout.splitlines()]
    assert set(schemas[:-1]) == {"vtm.run-event/1"}
    assert schemas[-1] == "vtm.run/1"
    for name in ("run-event", "run"):
        assert (ROOT / "schemas" / f"{name}.schema.json").exists()


@pytest.mark.parametrize("options", [["--dry-run"], ["--dry-run", "--json"], ["--json", "--merge", "auto"]])
def test_the_library_is_imported_only_at_a_terminal(options, tmp_path):
    of = shop(tmp_path, [entry("A--T01")])
    done = call(of.root, "run", *options, env={"PYTHONPROFILEIMPORTTIME": "1"}, timeout=DEADLINE)
    assert done.returncode == 0
    assert not re.search(rb"\| +rich\b", done.stderr)
