"""Agents, sessions and disks that are worse than most."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from msgspec.structs import replace

from tests.cli.processes import COMMAND, ROOT, call, environment
from tests.engine.shops import assert_main_is_whole, assert_nothing_is_left, entry, shop
from vtm.discovery import find_project, runtime_folder
from vtm.stores.sessions import SqliteSessions

TASK = "A--T01"


@pytest.mark.soak
def test_a_gigabyte_of_output(tmp_path):
    of = shop(tmp_path, [entry(TASK)], {TASK: ["drowns"]}, settings="[run]\noutput = 1_000_000\n")
    code, (*_, answer), _ = of.run("--merge", "auto")
    assert (code, answer["merged"]) == (0, [TASK])
    kept = sum(each.stat().st_size for each in (of.root / ".git" / "vtm").rglob("*") if each.is_file())
    assert kept < 4_000_000
    assert_main_is_whole(of)
    assert_nothing_is_left(of)


def test_a_session_of_another_machine(tmp_path):
    of = shop(tmp_path, [entry(TASK)])
    assert call(of.root, "spawn", TASK, "--wait").returncode == 0
    sessions = SqliteSessions(runtime_folder(find_project(of.root)))
    (own,) = sessions.all()
    assert sessions.add(replace(own, id="B--T01:1", task="B--T01", host="elsewhere", status="active"))
    done = call(of.root, "abort", "B--T01:1", "--json")
    answer = json.loads(done.stdout)
    assert done.returncode in {1, 4}
    assert "elsewhere" in json.dumps(answer)
    assert answer["fix"]
    assert call(of.root, "sessions", "--json").returncode == 0
    assert call(of.root, "validate", "--json").returncode == 0


@pytest.mark.soak
def test_a_parent_and_the_four_that_it_has_spawned_are_ended(tmp_path):
    parent, *children = (f"A--T{number:02}" for number in range(5))
    acts = {parent: ["spawns"]} | {name: ["hangs"] for name in children}
    of = shop(tmp_path, [entry(name) for name in (parent, *children)], acts)
    assert call(of.root, "spawn", parent).returncode == 0
    logs = [*COMMAND, "logs", f"{parent}:1", "--follow"]
    with subprocess.Popen(logs, cwd=of.root, env=environment(), stdout=subprocess.PIPE) as told:
        told.stdout.readline()  # it has spawned them all
        told.kill()
    ended = call(of.root, "abort", f"{parent}:1", "--tree", "--json")
    assert ended.returncode == 0
    assert of.plan.alive == []
    found = {each["session"] for each in json.loads(ended.stdout)["sessions"]}
    assert found == {f"{name}:1" for name in (parent, *children)}


@pytest.mark.soak
@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("unshare"), reason="needs a disk of its own")
@pytest.mark.parametrize("pages", [0, 20, 60, 120])
def test_a_full_disk(pages, tmp_path):
    call = ["unshare", "--mount", sys.executable, "-m", "tests.engine.full_disk", str(tmp_path), str(pages)]
    done = subprocess.run(call, cwd=ROOT, check=False, capture_output=True, timeout=300)
    if done.stdout == b"null":
        pytest.skip("no disk can be mounted here")
    assert done.returncode == 0, done.stderr.decode()
    first, second = json.loads(done.stdout)
    assert b"Traceback" not in done.stderr
    assert first["code"] in {0, 1, 5}
    assert second["code"] == 0, (first, second)
    assert second["answer"]["outcome"] == "done"
