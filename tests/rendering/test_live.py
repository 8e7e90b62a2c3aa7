"""The live view of a run: what is to be seen of it, and that it leaves the terminal as it was."""

import io
import os
import pty
import re
import signal
import subprocess
import sys
import termios
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from tests.cli.processes import environment
from tests.projects import HOSTILE
from vtm.model.plain import one_line
from vtm.queries.run_event import RunEvent, RunStep
from vtm.rendering.live.board import Board, line_of
from vtm.rendering.live.picture import picture
from vtm.rendering.live.view import LiveView

START = datetime(2026, 3, 10, 12, tzinfo=UTC)
DEADLINE = 30
RESTORED = {signal.SIGTERM: -signal.SIGTERM, signal.SIGKILL: -signal.SIGKILL, signal.SIGINT: 130}


def event(step, task="A--T01", text="", after=0):
    session = f"{task}:1" if task else ""
    return RunEvent(START + timedelta(seconds=after), RunStep(step), task, session, text)


def board_of(*events):
    board = Board()
    for each in events:
        board.take(each)
    return board


def drawn(board, width=100, height=24, after=65):
    out = io.StringIO()
    console = Console(file=out, width=width, height=height, color_system=None, legacy_windows=False)
    console.print(picture(board, START + timedelta(seconds=after), width, height))
    return out.getvalue().splitlines()


SEEN = {
    "nothing yet": ([], ["0 at work"]),
    "at work": (
        [event("claimed"), event("prepared"), event("launched"), event("said", text="tests pass")],
        ["1 at work", "A--T01  at work  1:05  tests pass"],
    ),
    "each end": (
        [
            *(event("launched", f"A--T0{number}") for number in range(1, 5)),
            *(event("completed"), event("merged"), event("blocked", "A--T02"), event("released", "A--T03")),
            event("handed-back", "A--T09"),
        ],
        ["1 at work, 1 completed, 1 merged, 1 blocked, 1 handed back", "A--T04  at work  1:05"],
    ),
    "held, and then not": (
        [event("held", "B--T01", "WIP"), event("held", "B--T02", "WIP"), event("claimed", "B--T01")],
        ["1 at work, 1 held", "B--T01  claimed  1:05", "held  B--T02  WIP"],
    ),
    "said by nobody who works": ([event("said", "B--T01", "hello")], ["0 at work"]),
    "draining": (
        [event("launched"), event("draining", "")],
        ["1 at work, draining", "A--T01  at work  1:05"],
    ),
}


@pytest.mark.parametrize(("events", "lines"), SEEN.values(), ids=SEEN)
def test_picture(events, lines):
    assert [line.rstrip() for line in drawn(board_of(*events))] == lines


@given(
    st.lists(
        st.builds(event, st.sampled_from(RunStep), st.sampled_from(["A", "ä/日本", HOSTILE, ""]), st.text())
    ),
    st.integers(1, 200),
    st.integers(1, 60),
)
def test_any_picture_fits_and_is_safe(events, width, height):
    lines = drawn(board_of(*events), width, height)
    assert all(cell_len(line) <= width for line in lines)
    assert all(one_line(line) == line for line in lines)
    assert len(lines) <= max(height, 6)


@pytest.mark.parametrize(("columns", "task", "step", "said"), [(100, 1, 1, 1), (40, 1, 1, 0), (20, 1, 0, 0)])
def test_a_narrow_terminal_shows_less(columns, task, step, said):
    board = board_of(event("launched"), event("said", text="words"))
    _, line = drawn(board, columns)
    assert ("A--T01" in line, "at work" in line, "words" in line) == (task, step, said)


def test_more_agents_than_lines():
    lines = drawn(board_of(*(event("launched", f"A--T{number:02}") for number in range(30))), height=10)
    assert lines[-1].rstrip() == "and 24 more"
    assert len(lines) < 10


@pytest.mark.parametrize("step", RunStep)
def test_each_event_is_a_line(step):
    assert line_of(event(step, text="why")) == f"12:00:00  A--T01  {step.replace('-', ' ')}: why"
    assert line_of(event(step, "")) == f"12:00:00  {step.replace('-', ' ')}"


def test_a_terminal_that_is_gone():
    class Gone(io.StringIO):
        def isatty(self):
            return True

        def write(self, text):
            raise OSError("nobody is there")

    with LiveView(Gone()) as view:
        for step in RunStep:
            view.tell(event(step))


PROGRAM = """
import signal, sys
from datetime import UTC, datetime
from vtm.model.plain import one_line
from vtm.queries.run_event import RunEvent, RunStep
from vtm.rendering.live.view import LiveView

def tell(step, text=""):
    view.tell(RunEvent(datetime(2026, 3, 10, 12, tzinfo=UTC), RunStep(step), "A--T01", "A--T01:1", text))

try:
    with LiveView(sys.stdout) as view:
        tell("launched")
        tell("said", "\\x1b[31mred\\x1b]0;owned\\x07 [bold]words[/bold]")
        tell("attempt-failed", "red :smile: [link=x]")
        if sys.argv[1] == "fail":
            raise ValueError("it broke")
        if sys.argv[1] == "wait":
            signal.pause()
        tell("completed")
except KeyboardInterrupt:
    sys.exit(130)
"""


@contextmanager
def at_a_terminal(how, **env):
    """The program at a terminal of its own: the process, and what reads the terminal."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    before = termios.tcgetattr(theirs)
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, how],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
        env=environment(
            **{"TERM": "xterm-256color", "NO_COLOR": None, "COLUMNS": None, "LINES": None, **env}
        ),
    )
    try:
        yield process, ours
        assert termios.tcgetattr(theirs) == before
    finally:
        process.kill()
        process.wait()
        os.close(ours)
        os.close(theirs)


def read_until(terminal, text):
    said = b""
    while text not in said:
        said += os.read(terminal, 65536)
    return said


def shown(how, **env):
    """All that is written on the terminal, and the exit code."""
    with at_a_terminal(how, **env) as (process, terminal):
        code = process.wait(DEADLINE)
        os.write(terminal, b"the end\n")  # the terminal echoes it, so it is the last to be read
        return read_until(terminal, b"the end").decode(), code


def test_lines_stay_and_the_picture_goes():
    said, code = shown("go")
    assert code == 0
    assert "attempt failed: red :smile: [link=x]" in said
    assert "completed" in said
    assert r"\x1b[31mred\x1b]0;owned\x07 [bold]words[/bold]" in said or "said" not in said
    assert "\x1b]" not in said
    assert untouched(said)


def untouched(said):
    """Whether nothing was done to the terminal that would have to be undone: cursor, screen, modes."""
    return not re.search(r"\x1b\[\?[0-9;]+[hl]|\x1b[=>78]|\x1bc", said)


def test_an_error_comes_after_the_picture():
    said, code = shown("fail")
    assert code == 1
    assert "ValueError: it broke" in said.rpartition("attempt failed")[2]
    assert untouched(said)


@pytest.mark.parametrize("number", RESTORED, ids=lambda number: number.name)
def test_a_signal_leaves_the_terminal_as_it_was(number):
    with at_a_terminal("wait") as (process, terminal):
        said = read_until(terminal, b"1 at work")
        process.send_signal(number)
        assert process.wait(DEADLINE) == RESTORED[number]
        os.write(terminal, b"the end\n")
        said += read_until(terminal, b"the end")
    assert untouched(said.decode())


def test_without_colour():
    said, _ = shown("go", NO_COLOR="1")
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", said)


def test_a_terminal_that_can_do_nothing():
    said, _ = shown("go", TERM="dumb")
    lines = [line for line in said.splitlines() if "  A--T01  " in line]
    assert lines == [
        "12:00:00  A--T01  launched",
        "12:00:00  A--T01  attempt failed: red :smile: [link=x]",
        "12:00:00  A--T01  completed",
    ]
    assert "\x1b" not in said
