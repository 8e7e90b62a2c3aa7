"""Many who claim at once: each task is taken once, and nobody sees an error."""

import json
import sqlite3
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.cli.processes import call
from tests.state.projects import assert_sound, events, many, state


def leases(root):
    with sqlite3.connect(root / ".vtm/runtime.db") as database:
        rows = database.execute("SELECT task, owner, epoch FROM lease WHERE NOT ended").fetchall()
    database.close()
    return {task: (owner, epoch) for task, owner, epoch in rows}


def assert_each_once(root, taken, count):
    """`taken` is of (task, agent)."""
    assert Counter(task for task, _ in taken) == dict.fromkeys(state(root), 1)
    assert len(taken) == count
    assert Counter(event["event"] for event in events(root)) == {"start": count}
    owners = dict(taken)
    assert {name: entry["owner"] for name, entry in state(root).items()} == owners
    assert leases(root) == {name: (agent, 1) for name, agent in owners.items()}
    assert_sound(root)


@pytest.mark.parametrize(("form", "processes", "tasks"), [("manifest", 50, 200), ("files", 25, 60)])
def test_many_processes_over_many_tasks(tmp_path, forks, form, processes, tasks):
    root = many(tmp_path / "shop", tasks, form)
    said, codes = forks.crowd(root, "claim", processes)
    assert codes == [0] * processes
    assert Counter(each["code"] for each in said) == {0: tasks, 1: processes}
    assert {each["err"] for each in said} == {""}
    taken = [(each["task"], f"agent-{each['number']}") for each in said if each["code"] == 0]
    assert len({each["number"] for each in said if each["code"] == 0}) > 1
    assert_each_once(root, taken, tasks)


def test_each_call_a_process_of_its_own(tmp_path, form):
    root = many(tmp_path / "shop", 12, form)

    def claims(agent):
        while True:
            done = call(root, "next", "--claim", "--agent", agent, "--json")
            yield agent, done.returncode, done.stderr, json.loads(done.stdout)
            if done.returncode:
                return

    with ThreadPoolExecutor(6) as pool:
        said = [each for one in pool.map(lambda agent: list(claims(agent)), "abcdef") for each in one]
    assert Counter(code for _, code, _, _ in said) == {0: 12, 1: 6}
    assert {err for _, _, err, _ in said} == {b""}
    assert {answer["outcome"] for _, code, _, answer in said if code} == {"waiting"}
    assert_each_once(root, [(answer["task_id"], agent) for agent, code, _, answer in said if not code], 12)
