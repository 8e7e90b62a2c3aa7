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


def read_until(pipe, moment):
    """What comes out of a pipe until then, or until nobody can write to it any more."""
    said = b""
    while (left := moment - time.monotonic()) > 0:
        ready, _, _ = select.select([pipe], [], [], left)
        if not ready:
            break
        found = os.read(pipe, 1 << 16)
        if not found:
            break
        said += found
    return said


def killed(root, forks, number, seconds):
    """What a writer said that was killed after so long."""
    fifo = root.parent / f"pipe-{number}"
    os.mkfifo(fifo)
    pid = forks.go(root, "work_on", number, fifo)
    pipe = os.open(fifo, os.O_RDONLY)
    said = read_until(pipe, time.monotonic() + seconds)
    os.kill(pid, signal.SIGKILL)
    assert forks.wait(pid) == -signal.SIGKILL
    said += read_until(pipe, time.monotonic() + 60)
    os.close(pipe)
    fifo.unlink()
    return [json.loads(line) for line in said.splitlines()]


@pytest.mark.parametrize("kills", [20, pytest.param(300, marks=pytest.mark.soak)])
def test_what_was_acknowledged_stays(tmp_path, forks, kills):
    seed = random.randrange(1 << 32)
    print("seed", seed)  # noqa: T201  a failure is repeated with it
    chance = random.Random(seed)
    root = two(tmp_path / "shop")
    acknowledged, total = set(), 0
    for number in range(kills):
        said = killed(root, forks, number, chance.uniform(0, 0.15))
        assert [each for each in said if each["code"]] == []
        acknowledged |= {each["id"] for each in said}
        total += len(said)
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
    assert total >= kills, "the writers were killed before they could write"
