"""Sessions of agents, in the database and as real processes."""

import os
import select
import socket
import sys
from contextlib import contextmanager
from datetime import UTC, datetime

from vtm.app.app import App
from vtm.app.sessions import place_of, sessions_of
from vtm.model.session import Session, session_id
from vtm.ports.agents import Command
from vtm.runners import keeping

STARTED = datetime(2026, 3, 10, 11, tzinfo=UTC)
HERE = socket.gethostname()
ELSEWHERE = "another-machine"
DEADLINE = 30
"""Seconds after which a test gives up; none waits for it."""


def session(task="AUTH--T02", attempt=1, **more):
    """A session on this machine, which nothing was started for yet."""
    given = {
        "epoch": 1,
        "runner": "command",
        "started_at": STARTED,
        "heard_at": STARTED,
        "host": HERE,
        **more,
    }
    return Session(session_id(task, attempt), task, attempt=attempt, **given)


def keep(root, *sessions):
    """Keep sessions in the database of a project; returns the last one."""
    for each in sessions:
        sessions_of(App.at(root)).add(each)
    return sessions[-1]


def kept(root, name):
    """The session with this id, as the database has it."""
    return sessions_of(App.at(root)).named(name)


class Processes:
    """Processes that are known by a pipe that they hold: it ends when none of them is left.

    Attributes:
        pipe: Its path.
    """

    def __init__(self, folder):
        self.pipe = folder / "living"
        os.mkfifo(self.pipe)
        self._reader = os.open(self.pipe, os.O_RDONLY | os.O_NONBLOCK)
        self._said = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self._reader)

    def said(self, count):
        """The first so many lines of what they wrote into the pipe."""
        while self._said.count(b"\n") < count:
            assert self._read(), "they ended"
        return self._said.decode().split("\n")[:count]

    def wait_for_the_last(self):
        """Wait until none of them lives."""
        while self._read():
            pass

    def _read(self):
        """Whether there was more to read; waits for it."""
        ready, _, _ = select.select([self._reader], [], [], DEADLINE)
        assert ready, "one of them lives on"
        more = os.read(self._reader, 65536)
        self._said += more
        return bool(more)


@contextmanager
def agents(root, *started):
    """Run the scripts of sessions, pairs of session and Python text, through the keeper; all end with it."""
    places = []
    try:
        for each, script in started:
            keep(root, each)
            place = place_of(App.at(root), each)
            places.append(place)
            place.mkdir(parents=True, exist_ok=True)
            command = Command((sys.executable, "-c", script), "", {"VTM_SESSION": each.id})
            pid = keeping.launch(place, command, root, keeping.Limits())
            sessions_of(App.at(root)).started(each.id, pid, each.heard_at)
        yield
    finally:
        for place in places:
            keeping.end(place, 0.0)
