"""A run is killed again and again, and goes on each time: nothing is done twice, nothing gets lost."""

import os
import random
import select
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.processes import COMMAND, environment
from tests.engine.shops import (
    assert_agents_kept_to_the_rules,
    assert_each_is_done_once,
    assert_main_is_whole,
    assert_nothing_is_left,
    entry,
    shop,
)
from tests.repositories import git
from tests.state.projects import assert_sound, events, state

pytestmark = pytest.mark.soak
KILLS, TASKS, AT_ONCE = 20, 30, 4
PATIENCE = 60


def children(pid):
    """The children of a process, at this moment."""
    parents = {}
    for each in Path("/proc").glob("[0-9]*"):
        try:
            stat = (each / "stat").read_text("utf-8", "replace")
            parents[int(each.name)] = int(stat.rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
    return [each for each, parent in parents.items() if parent == pid]


class Run:
    """`vtm run` as a process of its own."""

    def __init__(self, root, *arguments):
        self.said = b""
        self._errors = (root.parent / "errors").open("w+b")
        self.process = subprocess.Popen(
            [*COMMAND, "run", *arguments, "--json"],
            cwd=root,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=self._errors,
            start_new_session=True,
        )

    def read(self, lines, seconds):
        """Read until it has said so many lines, and then for so long; False where it ended before."""
        until, end = None, time.monotonic() + PATIENCE
        while True:
            assert time.monotonic() < end, self.said[-2000:]
            if until is None and self.said.count(b"\n") >= lines:
                until = time.monotonic() + seconds
            if until is not None and time.monotonic() >= until:
                return True
            left = PATIENCE if until is None else max(0, until - time.monotonic())
            ready, _, _ = select.select([self.process.stdout], [], [], left)
            found = os.read(self.process.stdout.fileno(), 65536) if ready else None
            if found == b"":
                return False
            self.said += found or b""

    def kill(self, *, helpers):
        """Kill it, and with `helpers` also what it has started to be served by; agents live on."""
        others = children(self.process.pid) if helpers else []
        self.process.kill()
        for each in others:
            if is_nursery(each):
                os.kill(each, signal.SIGKILL)

    def end(self):
        """Make sure that it has ended; its errors."""
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self._errors.seek(0)
        with self._errors:
            return self._errors.read().decode()


def is_nursery(pid):
    """Whether a process is the one that starts keepers."""
    try:
        return b"keeper.nursery" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def test_a_run_that_is_killed_goes_on(tmp_path):
    seed = random.randrange(1 << 32)
    print("seed", seed)  # noqa: T201  a failure is repeated with it
    chance = random.Random(seed)
    names = [f"A--T{number:02}" for number in range(TASKS)]
    tasks = [entry(name, [names[at - 8]] * (at >= 8 and at % 3 == 0)) for at, name in enumerate(names)]
    seconds = {name: chance.uniform(0, 0.6) for name in names}
    of = shop(tmp_path, tasks, {names[5]: ["leaves-a-child"]}, seconds)
    asked = ["--mode", "parallel", "--max", str(AT_ONCE), "--merge", "auto"]
    kills = 0
    while kills < KILLS:
        run = Run(of.root, *(asked if kills == 0 else ["--resume"]))
        try:
            if not run.read(chance.randrange(1, 10), chance.uniform(0, 0.3)):
                break
            run.kill(helpers=chance.random() < 0.5)
            kills += 1
        finally:
            complaints = run.end()
        assert "Traceback" not in complaints
    print("kills", kills)  # noqa: T201  how far it came
    code, (*_, answer), complaints = of.run("--resume")

    assert (code, answer["schema"]) == (0, "vtm.run/1"), (answer, complaints)
    assert {name for name, each in state(of.root).items() if each["status"] == "completed"} == set(names)
    kinds = [(event["task"], event["event"]) for event in events(of.root)]
    assert all(kinds.count((name, "complete")) == 1 for name in names)
    good_ends = [line["task"] for line in of.plan.audit if line["what"] == "end"]
    assert sorted(good_ends) == names
    assert_agents_kept_to_the_rules(of, AT_ONCE)
    assert_each_is_done_once(of)
    assert_main_is_whole(of)
    assert_nothing_is_left(of)
    assert len(git(of.root, "worktree", "list").splitlines()) == 1
    assert_sound(of.root)
