"""`vtm pulse --watch`."""

import json
import os
import queue
import signal
import subprocess
import threading

import pytest

from tests.cli.processes import COMMAND, environment
from tests.cli.test_commands import checked
from tests.projects import MANIFEST, NOW, STATE, put, task, write
from tests.repositories import vtm
from vtm.cli import watching as watcher
from vtm.rendering.render import Terminal

DEADLINE = 30
"""Seconds after which a test gives up; none waits for it."""
LINES = 11


@pytest.fixture
def project(tmp_path):
    return write(tmp_path, [task("A--T01"), task("A--T02", needs=["A--T01"])], {})


def state(status, **more):
    return json.dumps({"tasks": {"A--T01": {"status": status, **more}}})


class Watch:
    """A process that watches a project."""

    def __init__(self, folder, *arguments):
        self.process = subprocess.Popen(
            [*COMMAND, "pulse", "--watch", "--interval", "0.05", *arguments],
            cwd=folder,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  no threads yet
        )
        self._lines = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        for line in self.process.stdout:
            self._lines.put(line)

    def lines(self, count):
        """The next lines that it prints."""
        return [self._lines.get(timeout=DEADLINE) for _ in range(count)]

    def interrupt(self):
        """Press Ctrl-C; returns the exit code, what else it printed, and its complaints."""
        self.process.send_signal(signal.SIGINT)
        _, complaints = self.process.communicate(timeout=DEADLINE)
        return self.process.returncode, self._lines.qsize(), complaints


@pytest.fixture
def watch():
    started = []

    def start(*arguments):
        started.append(Watch(*arguments))
        return started[-1]

    yield start
    for each in started:
        each.process.kill()
        each.process.wait()
        each.process.stdout.close()
        each.process.stderr.close()


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_prints_again_when_the_state_changes(project, watch):
    watching = watch(project)
    assert "- Next Eligible: A--T01\n" in watching.lines(LINES)
    put(project, STATE, state("in-progress")[:20])
    put(project, STATE, state("in-progress"))
    assert "- In Progress: A--T01 (0 ACs completed, 1 remaining)\n" in watching.lines(LINES)
    (project / MANIFEST).rename(project / "away.json")
    put(project, STATE, state("completed", completed_at="2026-03-01T08:00:00Z"))
    (project / "away.json").rename(project / MANIFEST)
    assert "- Next Eligible: A--T02\n" in watching.lines(LINES)
    assert watching.interrupt() == (0, 0, "")


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_prints_one_object_for_each_change(project, watch):
    watching = watch(project, "--json")
    seen = []
    for status in ("pending", "in-progress", "blocked", "completed"):
        put(project, STATE, state(status))
        seen += [json.loads(line) for line in watching.lines(1)]
    assert [each["schema"] for each in seen] == ["vtm.pulse/1"] * 4
    assert [each["tasks"]["completed"] for each in seen] == [0, 0, 0, 1]
    assert watching.interrupt() == (0, 0, "")


def scripted(monkeypatch, steps):
    """Do a step whenever the watch would sleep, then press Ctrl-C; returns how long it would have slept."""
    slept, left = [], iter(steps)

    def sleep(seconds):
        slept.append(seconds)
        step = next(left, None)
        if step is None:
            raise KeyboardInterrupt
        step()

    monkeypatch.setattr(watcher.time, "sleep", sleep)
    return slept


def test_a_half_written_file_is_waited_for(project, monkeypatch):
    steps = [
        lambda: put(project, STATE, '{"tasks": {"A--T01"'),
        lambda: put(project, "vtm.toml", "wip_lim"),
        lambda: put(project, "vtm.toml", "wip_limt = 3"),
        lambda: put(project, STATE, ""),
        lambda: put(project, STATE, state("completed")),
        lambda: put(project, "vtm.toml", ""),
        (project / MANIFEST).unlink,
    ]
    slept = scripted(monkeypatch, steps)
    answer = vtm(project, "pulse", "--watch", "--interval", "7", "--json", "--now", NOW)
    assert (answer.code, answer.err) == (0, "")
    shown = [json.loads(line) for line in answer.out.splitlines()]
    assert [each["tasks"]["completed"] for each in shown] == [0, 1]
    assert slept == [7.0] * (len(steps) + 1)


def test_what_changes_by_the_passing_of_time_alone_is_not_shown_again(project, monkeypatch):
    put(project, STATE, state("in-progress", started_at="2026-03-01T08:00:00Z"))
    steps = [
        lambda: put(project, STATE, state("in-progress", started_at="2026-03-01T08:00:00Z", notes="x")),
        lambda: put(project, STATE, state("in-progress", started_at="2026-03-02T08:00:00Z")),
    ]
    scripted(monkeypatch, steps)
    shown = [json.loads(line) for line in vtm(project, "pulse", "--watch", "--json").out.splitlines()]
    moments = [each["oldest_in_progress"]["at"] for each in shown]
    assert moments == ["2026-03-01T08:00:00Z", "2026-03-02T08:00:00Z"]


def test_a_person_sees_one_pulse_at_a_time(project, monkeypatch):
    cleared = []
    monkeypatch.setattr(watcher, "terminal", lambda: Terminal(interactive=True))
    monkeypatch.setattr(watcher.click, "clear", lambda: cleared.append(True))
    scripted(monkeypatch, [lambda: put(project, STATE, state("completed"))])
    assert vtm(project, "pulse", "--watch").out.count("###") == 2
    assert cleared == [True]


def test_without_watch_it_is_shown_once(project):
    assert checked(vtm(project, "pulse", "--json"))["tasks"]["pending"] == 2
