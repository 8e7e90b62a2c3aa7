"""Sixty tasks, six agents at a time, every fifth of which goes wrong in some way: the run still ends."""

import random

import pytest

from tests.engine.shops import (
    BENIGN,
    assert_agents_kept_to_the_rules,
    assert_each_is_done_once,
    assert_main_is_whole,
    assert_nothing_is_left,
    entry,
    shop,
)
from tests.repositories import vtm
from tests.state.projects import assert_sound, state

pytestmark = pytest.mark.soak
TASKS, AT_ONCE = 60, 6
FAILURES = {
    ("crashes",): "AGENT-FAILED",
    ("is-killed",): "AGENT-FAILED",
    ("hangs",): "AGENT-TIMEOUT",
    ("says-nothing",): "NO-REPORT",
    ("lies-about-commits",): "NO-COMMIT",
    ("lies-about-tests",): "CHECK-FAILED",
    ("lies-about-criteria",): "NOT-ACCEPTED",
    ("leaves-files",): "UNCOMMITTED-WORK",
    ("strays",): "SCOPE-ESCAPE",
    ("gives-up",): "",
    ("clashes",): "MERGE-CONFLICT",
    ("says-nothing", "crashes"): "AGENT-FAILED",
}
"""What agents do at each attempt so that their tasks cannot be completed, and the code that says so."""
RECOVERIES = [
    ("lies-about-commits", "well"),
    ("leaves-files", "well"),
    ("lies-about-criteria", "says-nothing", "well"),
    ("clashes", "catches-up"),
]
"""What they do so that they can in the end."""


def backlog(chance):
    """Four layers of tasks; most depend on one or two of the layer above, and some share a scope."""
    made = []
    for number in range(TASKS):
        above = [each["task_id"] for each in made[: number // 15 * 15][-15:]]
        needs = chance.sample(above, chance.choice((0, 1, 1, 1, 2))) if above else []
        made.append(entry(f"{'ABCD'[number // 15]}--T{number:02}", needs))
    for one, other in ((0, 1), (20, 21), (33, 40)):
        scope = f"docs/shared-{one}/**"
        for each in (made[one], made[other]):
            each["file_scope"].append(scope)
    return made


def acts_of(tasks, chance):
    """A fifth fails for good; others do harmless odd things, or need more than one attempt."""
    names = [each["task_id"] for each in tasks]
    chance.shuffle(names)
    acts = {names.pop(): list(each) for each in FAILURES}
    acts |= {names.pop(): list(each) for each in RECOVERIES}
    return acts | {names.pop(): [each] for each in BENIGN for _ in range(2)}


def behind(tasks, blocked):
    """Ids of tasks that depend on one of these, directly or not."""
    found = set()
    for each in tasks:
        if (blocked | found) & set(each["depends_on_tasks"]):
            found.add(each["task_id"])
    return found


def test_the_run_ends_by_itself_and_main_holds_what_was_done(tmp_path):
    seed = random.randrange(1 << 32)
    print("seed", seed)  # noqa: T201  a failure is repeated with it
    chance = random.Random(seed)
    tasks = backlog(chance)
    acts = acts_of(tasks, chance)
    of = shop(tmp_path, tasks, acts, settings='[run]\ntimeout = "20s"\ngrace = "1s"\n')
    code, (*_, answer), complaints = of.run("--mode", "parallel", "--max", str(AT_ONCE), "--merge", "auto")

    assert "Traceback" not in complaints
    failing = {name for name, each in acts.items() if tuple(each) in FAILURES}
    skipped = behind(tasks, failing)
    entries = state(of.root)
    found = {name: entries.get(name, {}).get("status", "pending") for name in of.tasks}
    expected = {name: "pending" if name in skipped else "completed" for name in of.tasks}
    expected |= dict.fromkeys(failing - skipped, "blocked")
    assert found == expected, answer
    assert (code, answer["schema"], answer["outcome"]) == (1, "vtm.run/1", "stuck")
    assert_reasons(of, answer, acts, failing - skipped)
    assert set(answer["left"]) == skipped
    assert set(answer["merged"]) == {name for name, status in found.items() if status == "completed"}

    assert_agents_kept_to_the_rules(of, AT_ONCE)
    assert_each_is_done_once(of)
    assert_main_is_whole(of)
    assert_nothing_is_left(of)
    assert_sound(of.root)
    assert vtm(of.root, "validate", "--json").code == 0


def assert_reasons(of, answer, acts, blocked):
    """Each blocked task says why, here and in the state; what waits for one is named with it."""
    told = {each["task_id"]: each for each in answer["blocked"]}
    assert set(told) == blocked
    for name in blocked:
        code = FAILURES[tuple(acts[name])]
        assert (code in told[name]["codes"]) if code else not told[name]["codes"], told[name]
        assert told[name]["reason"]
        assert state(of.root)[name]["blocked_reason"]
    said = vtm(of.root, "blocked", "--json").json
    assert {each["task_id"] for each in said["blocked"]} == blocked
    assert {each["task_id"] for each in said["waiting"]} == set(answer["left"])
