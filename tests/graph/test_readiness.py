"""Eligible, waiting and stuck against the definitions of DESIGN.md, written down naively."""

import pytest
from hypothesis import given

from tests.asking import DONE, GONE, HIGH, MAYBE, ON, STOPPED, names, task
from tests.builders import backlog_of
from tests.random_backlogs import RELAXED, backlogs
from vtm.graph.readiness import Readiness, Unmet
from vtm.model.status import Risk, Status

PENDING, RUNNING, BLOCKED = Status.PENDING, Status.IN_PROGRESS, Status.BLOCKED


def by_definition(backlog):
    """Eligible, waiting and stuck ids: each sentence of the table of words as it stands there."""
    tasks = {task.task_id: task for task in backlog.tasks}
    status = {name: backlog.status(name) for name in tasks}
    pending = [name for name in tasks if status[name] is PENDING]

    def unwaived(name):
        return {
            each for each in tasks[name].depends_on_tasks if each not in backlog.state_of(tasks[name]).waived
        }

    high = {
        name
        for name, task in tasks.items()
        if task.risk is Risk.HIGH and not task.provisional and status[name] in {PENDING, BLOCKED}
    }

    def held_by(name):
        return high if tasks[name].provisional else set()

    eligible = [
        name
        for name in pending
        if all(status.get(each) is Status.COMPLETED for each in unwaived(name)) and not held_by(name)
    ]
    follows = {name for name in tasks if status[name] in {Status.COMPLETED, RUNNING, BLOCKED}} | set(eligible)
    while True:
        more = {name for name in pending if unwaived(name) | held_by(name) <= follows} - follows
        if not more:
            break
        follows |= more
    waiting = [name for name in pending if name not in eligible and name in follows]
    return eligible, waiting, [name for name in pending if name not in follows]


@RELAXED
@given(backlogs())
def test_eligible_waiting_and_stuck_are_what_the_definitions_say(backlog):
    found = Readiness(backlog)
    assert (names(found.eligible), names(found.waiting), names(found.stuck)) == by_definition(backlog)


@RELAXED
@given(backlogs())
def test_the_three_are_disjoint_and_together_all_that_is_pending(backlog):
    found = Readiness(backlog)
    three = names(found.eligible) + names(found.waiting) + names(found.stuck)
    assert sorted(three) == sorted(names(found.tasks_with(PENDING)))
    assert len(set(three)) == len(three)


@RELAXED
@given(backlogs())
def test_a_task_is_eligible_exactly_if_nothing_is_unmet_and_nothing_holds_it(backlog):
    found = Readiness(backlog)
    free = [t.task_id for t in found.tasks_with(PENDING) if not found.unmet(t) and not found.held_by(t)]
    assert names(found.eligible) == free
    assert names(found.ordered(found.eligible)) == [
        task.task_id for risk in Risk for task in found.eligible if task.risk is risk
    ]


A, B = task("A"), task("B", "A")

CASES = {
    "no-tasks": ([], {}, "", "", ""),
    "pending-by-default": ([A], {}, "A", "", ""),
    "explicitly-pending": ([A], {"A": {"status": "pending"}}, "A", "", ""),
    "entry-without-status": ([A], {"A": {}}, "A", "", ""),
    "behind-eligible": ([A, B], {}, "A", "B", ""),
    "behind-completed": ([A, B], {"A": DONE}, "B", "", ""),
    "behind-in-progress": ([A, B], {"A": ON}, "", "B", ""),
    "behind-blocked": ([A, B], {"A": STOPPED}, "", "B", ""),
    "behind-abandoned": ([A, B], {"A": GONE}, "", "", "B"),
    "abandoned-and-waived": ([A, B], {"A": GONE, "B": {"waived": {"A": "stub"}}}, "B", "", ""),
    "unknown": ([task("A", "X"), B], {}, "", "", "AB"),
    "unknown-and-waived": ([task("A", "X"), B], {"A": {"waived": {"X": "stub"}}}, "A", "B", ""),
    "unknown-with-state": ([task("A", "X")], {"X": DONE}, "", "", "A"),
    "empty-id-is-unknown": ([task("A", ""), B], {}, "", "", "AB"),
    "self": ([task("A", "A"), B], {}, "", "", "AB"),
    "self-waived": ([task("A", "A"), B], {"A": {"waived": {"A": "typo"}}}, "A", "B", ""),
    "cycle": ([task("A", "B"), B, task("C", "B")], {}, "", "", "ABC"),
    "cycle-with-one-in-progress": ([task("A", "B"), B], {"A": ON}, "", "B", ""),
    "cycle-with-one-waived": ([task("A", "B"), B], {"A": {"waived": {"B": "stub"}}}, "A", "B", ""),
    "one-way-out-is-not-enough": ([A, task("B", "A", "X")], {}, "A", "", "B"),
    "own-file-wins": ([task("A", declared_status="completed"), B], {"A": ON}, "B", "", ""),
    "provisional-free": ([task("P", **MAYBE), task("M")], {}, "PM", "", ""),
    "provisional-held-by-pending": ([task("P", **MAYBE), task("H", **HIGH)], {}, "H", "P", ""),
    "provisional-held-by-blocked": ([task("P", **MAYBE), task("H", **HIGH)], {"H": STOPPED}, "", "P", ""),
    "provisional-not-held-by-in-progress": (
        [task("P", **MAYBE), task("H", **HIGH)],
        {"H": ON},
        "P",
        "",
        "",
    ),
    "provisional-not-held-by-abandoned": ([task("P", **MAYBE), task("H", **HIGH)], {"H": GONE}, "P", "", ""),
    "provisional-not-held-by-provisional": (
        [task("P", **MAYBE), task("H", **HIGH, **MAYBE)],
        {},
        "PH",
        "",
        "",
    ),
    "provisional-held-by-stuck": ([task("P", **MAYBE), task("H", "X", **HIGH)], {}, "", "", "PH"),
    "provisional-held-by-waiting": (
        [task("P", **MAYBE), A, task("H", "A", **HIGH)],
        {},
        "A",
        "PH",
        "",
    ),
    "provisional-and-its-holder-wait-for-each-other": (
        [task("P", **MAYBE), task("H", "P", **HIGH)],
        {},
        "",
        "",
        "PH",
    ),
    "completed-provisional-frees-its-holder": (
        [task("P", **MAYBE), task("H", "P", **HIGH)],
        {"P": DONE},
        "H",
        "",
        "",
    ),
}


@pytest.mark.parametrize(("tasks", "state", "eligible", "waiting", "stuck"), CASES.values(), ids=CASES)
def test_cases(tasks, state, eligible, waiting, stuck):
    backlog = backlog_of(tasks, state)
    found = Readiness(backlog)
    answers = tuple("".join(names(each)) for each in (found.eligible, found.waiting, found.stuck))
    assert answers == (eligible, waiting, stuck)
    assert tuple("".join(each) for each in by_definition(backlog)) == answers


def test_unmet_dependencies_come_once_each_with_their_status_as_declared():
    tasks = [task("T", "X", "D", "R", "X", "A", "P", "B"), *(task(name) for name in "DRAPB")]
    state = {"D": DONE, "R": ON, "A": GONE, "B": STOPPED}
    backlog = backlog_of(tasks, state)
    assert Readiness(backlog).unmet(backlog["T"]) == [
        Unmet("X", "unknown"),
        Unmet("R", "in-progress"),
        Unmet("A", "abandoned"),
        Unmet("P", "pending"),
        Unmet("B", "blocked"),
    ]
