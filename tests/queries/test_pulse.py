"""The lines of a pulse: where work is, how far, what is next, what is in the way, how old things are."""

from datetime import timedelta

import pytest

from tests.asking import DONE, GONE, HIGH, LOW, MAYBE, NOW, ON, STOPPED, asked, names, task
from vtm.graph.roots import Cause, Root
from vtm.queries.pulse import Aged, HighRisk, Progress, Running, percent, pulse


def at(phase, slice_):
    return {"phase": phase, "slice": slice_}


def ago(**span):
    return (NOW - timedelta(**span)).isoformat()


def now_pulse(tasks, state=None):
    return asked(pulse, tasks, state, NOW)


ONE, TWO, THREE = at("Phase 1", "Slice 1.1"), at("Phase 2", "Slice 2.1"), at("Phase 3", "Slice 3.1")
PLACES = {
    "first-in-progress": (
        [task("A", **ONE, **HIGH), task("B", **TWO), task("C", **THREE)],
        {"B": ON, "C": ON},
        ("Phase 2", "Slice 2.1"),
    ),
    "else-next-eligible-which-is-the-riskiest": (
        [task("A", **ONE), task("B", **TWO, **HIGH), task("C", **THREE)],
        {"C": DONE},
        ("Phase 2", "Slice 2.1"),
    ),
    "else-last-completed": (
        [task("A", **ONE), task("B", **TWO), task("C", "X", **THREE)],
        {"A": {**DONE, "completed_at": ago(hours=1)}, "B": {**DONE, "completed_at": ago(hours=2)}},
        ("Phase 1", "Slice 1.1"),
    ),
    "else-nowhere": ([task("A", **ONE)], {"A": STOPPED}, ("", "")),
    "no-tasks": ([], {}, ("", "")),
    "without-a-phase": ([task("A", slice="Slice 1.1")], {"A": ON}, ("", "Slice 1.1")),
}


@pytest.mark.parametrize(("tasks", "state", "expected"), PLACES.values(), ids=PLACES)
def test_phase_and_slice(tasks, state, expected):
    found = now_pulse(tasks, state)
    assert (found.phase, found.slice) == expected


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (0, 0, 0.0),
        (0, 7, 0.0),
        (7, 7, 100.0),
        (5, 68, 7.4),
        (1, 3, 33.3),
        (2, 3, 66.7),
        (1, 16, 6.3),
        (1, 80, 1.3),
        (3, 80, 3.8),
        (1, 2000, 0.1),
        (1, 2001, 0.0),
    ],
)
def test_percent_has_one_decimal_and_rounds_halves_up(part, whole, expected):
    assert percent(part, whole) == expected


def test_tasks_are_counted_by_status_in_the_order_of_statuses():
    tasks = [*map(task, "ABCDEF")]
    found = now_pulse(tasks, {"A": ON, "B": STOPPED, "C": DONE, "D": DONE, "E": GONE, "X": DONE})
    assert list(found.tasks.items()) == [
        ("pending", 1),
        ("in-progress", 1),
        ("blocked", 1),
        ("completed", 2),
        ("abandoned", 1),
    ]
    assert found.progress == Progress(33.3, 2, 6)


def test_high_tasks_remain_until_they_are_completed_or_abandoned():
    tasks = [*(task(name, **HIGH) for name in "ABCDE"), task("F"), task("G", **LOW)]
    found = now_pulse(tasks, {"A": DONE, "B": GONE, "C": ON, "D": STOPPED, "F": DONE})
    assert found.high_risk == HighRisk(completed=1, remaining=3)


NEXT = {
    "none": (0, 0),
    "one": (1, 0),
    "five": (5, 0),
    "six": (6, 1),
    "many": (12, 7),
}


@pytest.mark.parametrize(("count", "more"), NEXT.values(), ids=NEXT)
def test_at_most_five_eligible_tasks_are_named_and_the_rest_counted(count, more):
    tasks = [task(f"T{number:02}") for number in range(count)]
    found = now_pulse([*tasks, task("L", "T00"), task("P", **MAYBE), task("H", "L", **HIGH)])
    assert found.next_eligible == [each["task_id"] for each in tasks[:5]]
    assert found.more_eligible == more


def test_what_only_waits_for_work_in_progress_is_not_eligible():
    found = now_pulse([task("A"), task("B", "A")], {"A": ON})
    assert (found.next_eligible, found.more_eligible) == ([], 0)


BLOCKERS = {
    "none": ([task("A"), task("B", "A")], {}, []),
    "blocked-then-roots": (
        [task("C", "D"), task("D", "C"), task("U", "X"), task("W", "G"), task("G"), task("B")],
        {"B": STOPPED, "G": GONE},
        [
            Root(Cause.BLOCKED, ("B",)),
            Root(Cause.UNKNOWN, ("X",)),
            Root(Cause.ABANDONED, ("G",)),
            Root(Cause.CYCLE, ("C", "D", "C")),
        ],
    ),
    "blocked-though-nobody-waits": ([task("B")], {"B": STOPPED}, [Root(Cause.BLOCKED, ("B",))]),
    "abandoned-that-nobody-waits-for": ([task("G"), task("A")], {"G": GONE}, []),
    "what-is-behind-blocked-is-none": (
        [task("B"), task("A", "B")],
        {"B": STOPPED},
        [Root(Cause.BLOCKED, ("B",))],
    ),
    "a-blocked-task-is-one-even-behind-an-unknown": (
        [task("B", "X")],
        {"B": STOPPED},
        [Root(Cause.BLOCKED, ("B",))],
    ),
}


@pytest.mark.parametrize(("tasks", "state", "expected"), BLOCKERS.values(), ids=BLOCKERS)
def test_blockers(tasks, state, expected):
    assert now_pulse(tasks, state).blockers == expected


def test_the_latest_completed_is_the_one_with_the_latest_time():
    state = {
        "A": {**DONE, "completed_at": "2026-01-09T23:00:00+02:00"},
        "B": {**DONE, "completed_at": "2026-01-09T22:00:00Z"},
        "C": DONE,
    }
    found = now_pulse([*map(task, "CAB")], state).latest_completed
    assert (found.task_id, found.seconds) == ("B", 2 * 3600)


AGES = {
    "nothing": ({}, None, None),
    "completed-without-a-time": ({"A": DONE}, Aged("A", None, None), None),
    "in-progress-without-a-time": ({"A": ON}, None, Aged("A", None, None)),
    "in-the-future": (
        {"A": {**DONE, "completed_at": (NOW + timedelta(hours=1)).isoformat()}},
        Aged("A", NOW + timedelta(hours=1), 0),
        None,
    ),
    "whole-seconds": (
        {"B": {**ON, "started_at": ago(seconds=90, milliseconds=900)}},
        None,
        Aged("B", NOW - timedelta(seconds=90, milliseconds=900), 90),
    ),
    "oldest-of-those-with-a-time": (
        {
            "A": ON,
            "B": {**ON, "started_at": ago(minutes=5)},
            "C": {**ON, "started_at": ago(minutes=25)},
        },
        None,
        Aged("C", NOW - timedelta(minutes=25), 1500),
    ),
}


@pytest.mark.parametrize(("state", "completed", "oldest"), AGES.values(), ids=AGES)
def test_ages(state, completed, oldest):
    found = now_pulse([*map(task, "ABC")], state)
    assert (found.latest_completed, found.oldest_in_progress) == (completed, oldest)


def test_criteria_that_are_left_are_those_of_the_manifest_and_not_those_of_the_state():
    criteria = [{"id": f"A-AC0{number}"} for number in range(1, 6)]
    entry = {**ON, "acs_completed": ["A-AC05", "A-AC01", "OLD"], "acs_remaining": ["OLD-2"]}
    found = now_pulse([task("A", acceptance_criteria=criteria), task("B")], {"A": entry, "B": ON})
    assert found.in_progress == [Running("A", 2, 3), Running("B", 0, 0)]
    assert names(found.in_progress) == ["A", "B"]
