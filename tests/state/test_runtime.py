"""Leases, locks and clocks when they misbehave."""

import os
import signal
import sqlite3
import subprocess
import sys

import pytest

from tests.cli.processes import ROOT, call, environment
from tests.projects import put
from tests.repositories import vtm
from tests.state.projects import assert_sound, events, files, many, state, two

DATABASE = ".vtm/runtime.db"
HOLD_DATABASE = """
import select, sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("BEGIN IMMEDIATE")
print("held", flush=True)
select.select([sys.stdin], [], [], float(sys.argv[2]))
database.execute("COMMIT")
"""
HOLD_STATE = """
import sys
from pathlib import Path
from vtm.stores.lock import locked
with locked(Path(sys.argv[1]), 1):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def hold():
    """Start a process that holds something, and wait until it does."""
    started = []

    def start(script, *arguments):
        command = [sys.executable, "-c", script, *map(str, arguments)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        process = subprocess.Popen(command, cwd=ROOT, env=environment(), text=True, **pipes)
        started.append(process)
        assert process.stdout.readline() == "held\n"
        return process

    yield start
    for process in started:
        process.communicate()


# --- the database


def test_a_claim_waits_for_the_database(tmp_path, hold):
    root = many(tmp_path / "shop", 2)
    assert vtm(root, "next", "--claim", "--agent", "ada").code == 0
    holder = hold(HOLD_DATABASE, root / DATABASE, 5)
    done = call(root, "next", "--claim", "--agent", "bob", "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert holder.wait() == 0
    assert_sound(root)


@pytest.mark.parametrize(
    "command", [("next", "--claim", "--agent", "bob"), ("note", "C0--T000", "x")], ids=" ".join
)
def test_a_database_that_is_never_free(tmp_path, hold, forks, command):
    root = many(tmp_path / "shop", 2)
    assert vtm(root, "start", "C1--T001", "--agent", "ada").code == 0
    before = files(root)
    holder = hold(HOLD_DATABASE, root / DATABASE, 60)
    code, out, err = forks.run(root, *command, wait=0.05).answer
    assert (code, out) == (5, "")
    assert "database is locked" in err
    assert "fix: run it again" in err
    assert files(root) == before
    holder.communicate("")
    assert vtm(root, *command).code == 0
    assert_sound(root)


# --- the lock of the state


def locked_out(root):
    before = files(root)
    done = call(root, "note", "C0--T000", "x")
    assert files(root) == before
    return done


def test_a_lock_that_is_held(tmp_path, hold):
    root = many(tmp_path / "shop", 1)
    put(root, "vtm.toml", 'lock_wait = "1s"\n')
    holder = hold(HOLD_STATE, root / ".vtm")
    done = call(root, "note", "C0--T000", "x", "--json")
    assert done.returncode == 4
    assert b'"code":"LOCKED"' in done.stdout
    assert f"process {holder.pid} (vtm {root / '.vtm'})".encode() in done.stdout
    assert b"1 s" in done.stdout
    assert "task-state.json" not in files(root)


def test_the_lock_of_the_dead_is_free(tmp_path, hold):
    root = many(tmp_path / "shop", 1)
    put(root, "vtm.toml", 'lock_wait = "0s"\n')
    holder = hold(HOLD_STATE, root / ".vtm")
    assert call(root, "note", "C0--T000", "x").returncode == 4
    os.kill(holder.pid, signal.SIGKILL)
    assert holder.wait() == -signal.SIGKILL
    assert call(root, "note", "C0--T000", "x").returncode == 0
    assert_sound(root)


def test_whose_lock_it_is(tmp_path, hold):
    """The holder is named as it was called, whatever was in that."""
    root = many(tmp_path / "shop", 1)
    put(root, "vtm.toml", 'lock_wait = "0s"\n')
    hold(HOLD_STATE, root / ".vtm", "\x1b[31m" + "long " * 99)
    done = call(root, "note", "C0--T000", "x")
    assert done.returncode == 4
    assert b"\x1b" not in done.stderr
    assert len(done.stderr) < 600


# --- the clock


def test_a_clock_that_goes_back(tmp_path):
    root = two(tmp_path / "shop")
    days = range(28, 0, -1)
    for day in days:
        answer = vtm(root, "note", "ALL--T01", f"day {day}", "--now", f"2026-01-{day:02}T12:00:00Z")
        assert answer.code == 0
    noted = [event for event in events(root) if event["event"] == "note"]
    assert [event["evidence"]["text"] for event in noted] == [f"day {day}" for day in days]
    assert sorted(events(root), key=lambda event: (event["at"], event["id"])) == events(root)
    assert state(root)["ALL--T01"]["notes"].splitlines() == [f"day {day}" for day in days]
    assert_sound(root)


def test_a_lease_that_ran_out_stays_over(tmp_path):
    root = two(tmp_path / "shop")

    def at(hour, *command):
        return vtm(root, *command, "--now", f"2027-01-01T{hour:02}:00:00Z")

    assert at(10, "start", "ALL--T02", "--agent", "ada").code == 0
    assert at(10, "start", "ALL--T02", "--agent", "bob").code == 4
    assert at(12, "note", "ALL--T01", "later").code == 0
    taken = at(10, "start", "ALL--T02", "--agent", "bob", "--json")
    assert (taken.code, taken.json["event"], taken.json["epoch"]) == (0, "takeover", 2)
    assert taken.json["expires_at"] == "2027-01-01T12:30:00Z"
    assert at(10, "ac", "ALL--T02", "AC01", "--epoch", "1").code == 4
    assert at(10, "heartbeat", "ALL--T02", "--epoch", "1").code == 4
    assert at(10, "ac", "ALL--T02", "AC01", "--epoch", "2").code == 0
    assert_sound(root)


@pytest.mark.parametrize("ttl", ["1s", "999999w"])
def test_a_lease_of_any_length(tmp_path, ttl):
    root = two(tmp_path / "shop")
    assert vtm(root, "start", "ALL--T02", "--agent", "ada", "--ttl", ttl).code == 0
    assert vtm(root, "heartbeat", "ALL--T02", "--epoch", "1", "--ttl", ttl).code == 0
    assert vtm(root, "ac", "ALL--T02", "AC01", "--epoch", "1").code == 0


def test_an_endless_lease_by_setting(tmp_path):
    root = two(tmp_path / "shop")
    put(root, "vtm.toml", 'wip_limit = 0\nlease_ttl = "999999w"\n')
    assert vtm(root, "start", "ALL--T02", "--agent", "ada").code == 0
    (root / DATABASE).unlink()
    assert vtm(root, "ac", "ALL--T02", "AC01", "--epoch", "1").code == 0


# --- a database that is lost


def chopped(path):
    path.write_bytes(path.read_bytes()[:5000])


def overwritten(path):
    path.write_bytes(path.read_bytes()[:4096] + b"\x55" * (path.stat().st_size - 4096))


def without_tables(path):
    path.unlink()
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE other (x)")
    database.close()


def senseless(path):
    with sqlite3.connect(path) as database:
        database.execute("UPDATE lease SET expires_at = 'x'")
    database.close()


DAMAGE = {
    "deleted": lambda path: path.unlink(),
    "empty": lambda path: path.write_bytes(b""),
    "no database": lambda path: path.write_bytes(b"no database\n" * 1000),
    "chopped": chopped,
    "overwritten": overwritten,
    "without tables": without_tables,
    "senseless": senseless,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_lost_database(tmp_path, forks, damage):
    root = two(tmp_path / "shop")

    def run(*command):
        answer = forks.run(root, *command).answer
        if (
            "it was set aside; run it again" in answer.out + answer.err
        ):  # what shows only at work is told once
            assert answer.code == 5
            answer = forks.run(root, *command).answer
        assert answer.code in {0, 4}, answer
        return answer

    for agent, epoch in (("ada", "1"), ("bob", "2"), ("eve", "3")):
        assert run("start", "ALL--T02", "--agent", agent, "--session", "s").code == 0
        assert run("heartbeat", "ALL--T02", "--epoch", epoch).code == 0
        if agent != "eve":
            assert run("release", "ALL--T02", "--epoch", epoch).code == 0
    DAMAGE[damage](root / DATABASE)

    again = run("start", "ALL--T02", "--agent", "eve", "--session", "s", "--json")
    assert (again.code, again.json["epoch"]) == (0, 3)
    assert run("heartbeat", "ALL--T02", "--epoch", "3").code == 0
    for old in ("1", "2"):
        refused = run("ac", "ALL--T02", "AC01", "--epoch", old)
        assert (refused.code, "STALE-EPOCH" in refused.err) == (4, True)
        assert run("heartbeat", "ALL--T02", "--epoch", old).code == 4
    assert "LEASE-HELD" in run("ac", "ALL--T02", "AC01").err
    assert "LEASE-HELD" in run("start", "ALL--T02", "--agent", "ada").err
    assert run("release", "ALL--T02", "--epoch", "3").code == 0
    assert run("start", "ALL--T02", "--agent", "ada", "--json").json["epoch"] == 4
    assert_sound(root)


def test_a_lost_database_and_a_lost_journal_line(tmp_path):
    """The largest epoch of all three counts."""
    root = two(tmp_path / "shop")
    for epoch in ("1", "2"):
        assert vtm(root, "start", "ALL--T02", "--agent", "ada").code == 0
        assert vtm(root, "release", "ALL--T02", "--epoch", epoch).code == 0
    kept = files(root)
    assert vtm(root, "start", "ALL--T02", "--agent", "ada", "--json").json["epoch"] == 3
    for name, data in kept.items():
        (root / "docs/backlog" / name).write_bytes(data)
    assert vtm(root, "ac", "ALL--T02", "AC01", "--epoch", "3").code == 4
    held = vtm(root, "start", "ALL--T02", "--agent", "bob")
    assert (held.code, "LEASE-HELD" in held.err) == (4, True)
    later = vtm(root, "start", "ALL--T02", "--agent", "bob", "--json", "--now", "2100-01-01T00:00:00Z")
    assert later.json["epoch"] == 4


def test_who_died_while_ending_a_lease_holds_nothing(tmp_path):
    """The state says that it is over; the database was not told any more."""
    root = two(tmp_path / "shop")
    assert vtm(root, "start", "ALL--T02", "--agent", "ada").code == 0
    assert vtm(root, "release", "ALL--T02", "--epoch", "1").code == 0
    with sqlite3.connect(root / DATABASE) as database:
        assert database.execute("UPDATE lease SET ended = 0").rowcount == 1
    database.close()
    again = vtm(root, "start", "ALL--T02", "--agent", "bob", "--json")
    assert (again.code, again.json["epoch"]) == (0, 2)


def test_what_is_left_of_the_dead_is_no_dirt(tmp_path):
    """A writer that died left a file of its own, which the next one removes before it asks git."""
    root = two(tmp_path / "shop")
    left = put(root, "docs/backlog/.task-state.json.abcd1234.tmp", "{")
    put(root, "docs/backlog/.task-state.json.mine", "{")
    assert vtm(root, "note", "ALL--T01", "x").code == 0
    assert not left.exists()
    assert (root / "docs/backlog/.task-state.json.mine").exists()
