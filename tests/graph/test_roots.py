"""What everything stuck goes back to: nothing invented, nothing forgotten."""

from itertools import pairwise

import pytest
from hypothesis import given

from tests.asking import DONE, GONE, HIGH, MAYBE, ON, STOPPED, task
from tests.builders import backlog_of
from tests.random_backlogs import RELAXED, backlogs
from vtm.graph.readiness import Readiness
from vtm.graph.roots import Cause, Root, roots_of_stuck

A, B = task("A"), task("B", "A")


def edges(backlog, readiness):
    """What each stuck task waits for: unmet dependencies, and High tasks that hold it."""
    return {
        each.task_id: {unmet.task_id for unmet in readiness.unmet(each)}
        | {holder.task_id for holder in readiness.held_by(each)}
        for each in readiness.stuck
    }


@RELAXED
@given(backlogs())
def test_every_root_is_real(backlog):
    readiness = Readiness(backlog)
    waits_for = edges(backlog, readiness)
    statuses = {unmet.task_id: unmet.status for each in readiness.stuck for unmet in readiness.unmet(each)}
    for root in roots_of_stuck(readiness, readiness.stuck):
        if root.cause is Cause.CYCLE:
            assert root.tasks[0] == root.tasks[-1]
            assert all(after in waits_for[before] for before, after in pairwise(root.tasks))
        else:
            assert (len(root.tasks), statuses[root.tasks[0]]) == (1, root.cause)


@RELAXED
@given(backlogs())
def test_every_stuck_task_goes_back_to_a_root(backlog):
    readiness = Readiness(backlog)
    waits_for = edges(backlog, readiness)
    found = roots_of_stuck(readiness, readiness.stuck)
    assert len(found) == len(set(found))
    known = {name for root in found for name in root.tasks}
    for name in waits_for:
        below, work = {name}, [name]
        while work:
            following = waits_for.get(work.pop(), set()) - below
            below |= following
            work.extend(following)
        assert below & known
    for each in readiness.stuck:
        assert {u.task_id for u in readiness.unmet(each) if u.status in {"unknown", "abandoned"}} <= known


def cycle(path):
    return Root(Cause.CYCLE, tuple(path))


ROOTS = {
    "nothing": ([A, B], {}, []),
    "blocked-is-no-root": ([A, B], {"A": STOPPED}, []),
    "abandoned": ([A, B, task("C", "B")], {"A": GONE}, [Root(Cause.ABANDONED, ("A",))]),
    "unknown-once": ([task("A", "X"), task("B", "X")], {}, [Root(Cause.UNKNOWN, ("X",))]),
    "empty-id": ([task("A", ""), task("P", **MAYBE)], {}, [Root(Cause.UNKNOWN, ("",))]),
    "self": ([task("A", "A"), B], {}, [cycle("AA")]),
    "cycle": ([task("A", "B"), B, task("C", "A")], {}, [cycle("ABA")]),
    "cycle-with-a-loop-inside": ([task("A", "A", "B"), B], {}, [cycle("AA"), cycle("ABA")]),
    "cycle-through-what-runs-is-none": ([task("A", "B"), B], {"A": ON}, []),
    "ids-as-met-then-cycles": (
        [task("A", "B"), task("B", "A", "X"), task("C", "Y", "G"), task("G")],
        {"G": GONE},
        [
            Root(Cause.UNKNOWN, ("X",)),
            Root(Cause.UNKNOWN, ("Y",)),
            Root(Cause.ABANDONED, ("G",)),
            cycle("ABA"),
        ],
    ),
    "provisional-and-its-holder": ([task("P", **MAYBE), task("H", "P", **HIGH)], {}, [cycle("PHP")]),
    "holder-declared-first": ([task("H", "P", **HIGH), task("P", **MAYBE)], {}, [cycle("HPH")]),
    "holder-behind-the-provisional": (
        [task("H", "M", **HIGH), task("M", "P"), task("P", **MAYBE), task("Q", "D", **MAYBE), task("D")],
        {"D": DONE},
        [cycle("HMPH")],
    ),
    "provisional-held-by-what-is-stuck": (
        [task("P", **MAYBE), task("H", "X", **HIGH)],
        {},
        [Root(Cause.UNKNOWN, ("X",))],
    ),
}


@pytest.mark.parametrize(("tasks", "state", "expected"), ROOTS.values(), ids=ROOTS)
def test_roots(tasks, state, expected):
    readiness = Readiness(backlog_of(tasks, state))
    assert roots_of_stuck(readiness, readiness.stuck) == expected


def test_only_what_the_given_tasks_wait_for_is_a_root():
    backlog = backlog_of([task("A", "X"), task("B", "Y")])
    assert roots_of_stuck(Readiness(backlog), [backlog["B"]]) == [Root(Cause.UNKNOWN, ("Y",))]
