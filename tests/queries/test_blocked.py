"""What cannot start: order, reasons, unmet dependencies, roots."""

import pytest

from tests.asking import DONE, GONE, HIGH, MAYBE, ON, STOPPED, asked, names, task
from vtm.graph.roots import Cause, Root
from vtm.queries.blocked import NAMED, Obstacle, blocked_tasks


def lists(tasks, state=None):
    found = asked(blocked_tasks, tasks, state)
    return tuple(" ".join(names(each)) for each in (found.blocked, found.waiting, found.stuck))


LISTS = {
    "nothing": ([task("A")], {}, ("", "", "")),
    "one-of-each": (
        [task("A"), task("B"), task("C", "B"), task("D", "X")],
        {"B": STOPPED},
        ("B", "C", "D"),
    ),
    "blocked-that-holds-up-most-first": (
        [task("A"), task("B"), task("C", "B"), task("D", "B"), task("E", "A")],
        {"A": STOPPED, "B": STOPPED},
        ("B A", "C D E", ""),
    ),
    "behind-the-worst-blocker-first": (
        [task("A"), task("B"), task("C", "A"), task("D", "B"), task("E", "B"), task("F", "A", "B")],
        {"A": ON, "B": ON},
        ("", "D E F C", ""),
    ),
    "ties-as-declared": ([task("B", "X"), task("A", "Y"), task("C", "X", "Y")], {}, ("", "", "B A C")),
    "held-by-the-rule-alone-last": (
        [task("P", **MAYBE), task("H", **HIGH), task("W", "H")],
        {"H": ON, "P": {}},
        ("", "W", ""),
    ),
    "provisional-behind-others": (
        [task("P", **MAYBE), task("H", **HIGH), task("W", "H")],
        {},
        ("", "W P", ""),
    ),
    "waived-and-completed-hold-nothing": (
        [task("A"), task("B", "A"), task("C", "A", "X")],
        {"A": DONE, "C": {"waived": {"X": "stub"}}},
        ("", "", ""),
    ),
    "abandoned-and-completed-are-not-listed": (
        [task("A", "X"), task("B", "X")],
        {"A": GONE, "B": DONE},
        ("", "", ""),
    ),
}


@pytest.mark.parametrize(("tasks", "state", "expected"), LISTS.values(), ids=LISTS)
def test_lists_and_their_order(tasks, state, expected):
    assert lists(tasks, state) == expected


def test_each_unmet_dependency_has_its_status_and_how_many_it_holds_up_the_worst_first():
    tasks = [task("T", "A", "X", "G", "R", "D"), task("U", "X"), task("S", "X", "G"), *map(task, "AGRD")]
    found = asked(blocked_tasks, tasks, {"G": GONE, "R": ON, "D": DONE, "U": STOPPED})
    (held,) = [each for each in found.stuck if each.task_id == "T"]
    assert held.unmet == [
        Obstacle("X", "unknown", 3),
        Obstacle("G", "abandoned", 2),
        Obstacle("A", "pending", 1),
        Obstacle("R", "in-progress", 1),
    ]
    assert held.reason == "X is unknown, G is abandoned, A is pending, R is in-progress"
    assert found.total == found.returned == 3
    assert not found.truncated


def test_a_task_says_how_many_it_holds_up():
    found = asked(blocked_tasks, [task("B"), task("C", "B"), task("D", "C", "B")], {"B": STOPPED})
    assert {each.task_id: each.holds_up for each in (*found.blocked, *found.waiting)} == {
        "B": 2,
        "C": 1,
        "D": 0,
    }


REASONS = {
    "recorded": ({"blocked_reason": "Waits for the vendor"}, "Waits for the vendor"),
    "empty": ({"blocked_reason": ""}, "blocked; no reason is recorded"),
    "blank": ({"blocked_reason": "  "}, "blocked; no reason is recorded"),
    "none": ({}, "blocked; no reason is recorded"),
}


@pytest.mark.parametrize(("entry", "expected"), REASONS.values(), ids=REASONS)
def test_reason_of_a_blocked_task_is_what_was_recorded_never_its_dependencies(entry, expected):
    found = asked(blocked_tasks, [task("A"), task("B", "A")], {"B": {**STOPPED, **entry}})
    (held,) = found.blocked
    assert (held.reason, held.unmet) == (expected, [Obstacle("A", "pending", 1)])


HOLDERS = {
    "one": (1, ["H0"], "provisional while H0 is open"),
    "two": (2, ["H0", "H1"], "provisional while H0 and 1 more are open"),
    "many": (9, ["H0", "H1", "H2"], "provisional while H0 and 8 more are open"),
}


@pytest.mark.parametrize(("count", "named", "reason"), HOLDERS.values(), ids=HOLDERS)
def test_what_the_provisional_rule_holds_names_some_holders_and_the_answer_all(count, named, reason):
    high = [task(f"H{number}", **HIGH) for number in range(count)]
    found = asked(blocked_tasks, [task("P", **MAYBE), task("Q", "P", **MAYBE), *high])
    first, second = found.waiting[-1], found.waiting[0]
    assert (first.task_id, first.held_by, first.reason) == ("P", named, reason)
    assert (second.task_id, second.reason) == ("Q", f"P is pending, {reason}")
    assert found.holders == [each["task_id"] for each in high]
    assert len(named) <= NAMED


def test_there_are_no_holders_where_nothing_is_held():
    found = asked(blocked_tasks, [task("P", **MAYBE), task("H", **HIGH), task("W", "H")], {"P": DONE})
    assert (names(found.waiting), found.holders) == (["W"], [])


def test_what_is_stuck_goes_back_to_roots():
    found = asked(blocked_tasks, [task("A", "B"), task("B", "A"), task("C", "A", "X")])
    assert found.roots == [Root(Cause.UNKNOWN, ("X",)), Root(Cause.CYCLE, ("A", "B", "A"))]
