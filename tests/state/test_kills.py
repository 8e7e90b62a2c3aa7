"""A writer is killed at random moments: what it was told is done is done, and nothing is half done."""

import json
import os
import random
import select
import signal
import time

import pytest

from tests.repositories import vtm
from tests.state.projects import assert_sound, events, state, two


def read(pipe, lines, seconds):
    """What comes out of a pipe: so many lines, and what follows for so long or until nobody writes to it."""
    said, until = b"", None
    while True:
        if until is None and said.count(b"\n") >= lines:
            until = time.monotonic() + seconds
        left = None if until is None else max(0, until - time.monotonic())
        ready, _, _ = select.select([pipe], [], [], left)
        found = os.read(pipe, 1 << 16) if ready else b""
        said += found
        if not found:
            return said


def killed(root, forks, number, lines, seconds):
    """What a writer said that was killed so long after it had said so much."""
    fifo = root.parent / f"pipe-{number}"
    os.mkfifo(fifo)
    pid = forks.go(root, "work_on", number, fifo)
    pipe = os.open(fifo, os.O_RDONLY)
    said = read(pipe, lines, seconds)
    os.kill(pid, signal.SIGKILL)
    assert forks.wait(pid) == -signal.SIGKILL
    said += read(pipe, 0, 60)
    os.close(pipe)
    fifo.unlink()
    return [json.loads(line) for line in said.splitlines()]


@pytest.mark.parametrize(
    ("form", "kills"),
    [
        ("manifest", 20),
        ("files", 20),
        pytest.param("manifest", 200, marks=pytest.mark.soak),
        pytest.param("files", 60, marks=pytest.mark.soak),
    ],
)
def test_what_was_acknowledged_stays(tmp_path, forks, form, kills):
    seed = random.randrange(1 << 32)
    print("seed", seed)  # noqa: T201  a failure is repeated with it
    chance = random.Random(seed)
    root = two(tmp_path / "shop", form)
    acknowledged = set()
    for number in range(kills):
        said = killed(root, forks, number, chance.randrange(4), chance.uniform(0, 0.05))
        assert [each for each in said if each["code"]] == []
        acknowledged |= {each["id"] for each in said}
        json.loads((root / "docs/backlog/task-state.json").read_bytes())

        mending = vtm(root, "note", "ALL--T01", f"after {number}", "--json")
        assert mending.code == 0, mending
        acknowledged.add(mending.json["id"])
        written = events(root)
        assert acknowledged <= {event["id"] for event in written}
        assert_sound(root)
        noted = [event["evidence"]["text"] for event in written if event["event"] == "note"]
        shown = [line for entry in state(root).values() for line in entry.get("notes", "").splitlines()]
        assert sorted(noted) == sorted(shown)
        started = state(root).get("ALL--T02", {"status": "pending"})
        if started["status"] == "in-progress":
            assert vtm(root, "release", "ALL--T02", "--epoch", str(started["epoch"])).code == 0
