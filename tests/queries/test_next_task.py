"""The task to start now, or why there is none."""

import pytest

from tests.asking import DONE, GONE, HIGH, LOW, MAYBE, ON, STOPPED, finding, names, task
from tests.builders import backlog_of
from vtm.graph.readiness import Readiness
from vtm.model.status import Risk
from vtm.queries.card import TaskCard
from vtm.queries.filters import Filters
from vtm.queries.next_task import NextTask, NoTask, Skipped, Tdd, next_task

A, B = task("A"), task("B", "A")


def answer(tasks, state=None, filters=None, found=None, *, startable=False):
    readiness = Readiness(backlog_of(tasks, state))
    return next_task(
        readiness, filters or Filters(), lambda each: (found or {}).get(each.task_id, []), startable=startable
    )


CHOSEN = {
    "the-only-one": ([A, B], {}, "A"),
    "high-first": ([task("L", **LOW), A, task("H", **HIGH)], {}, "H"),
    "then-medium": ([task("L", **LOW), A], {}, "A"),
    "among-equals-as-declared": ([task("Z"), A], {}, "Z"),
    "high-that-waits-is-passed-over": ([A, task("H", "A", **HIGH)], {}, "A"),
    "provisional-high-counts-like-any-high": ([A, task("P", **HIGH, **MAYBE)], {}, "P"),
    "in-progress-is-not-offered-again": ([A, task("C")], {"A": ON}, "C"),
}


@pytest.mark.parametrize(("tasks", "state", "expected"), CHOSEN.values(), ids=CHOSEN)
def test_selection(tasks, state, expected):
    assert answer(tasks, state).task_id == expected


NONE = {
    "no-tasks": ([], {}, None, "done", "there are no tasks"),
    "all-completed": ([A, B], {"A": DONE, "B": DONE}, None, "done", "every task is completed or abandoned"),
    "completed-or-abandoned": (
        [A, B],
        {"A": DONE, "B": GONE},
        None,
        "done",
        "every task is completed or abandoned",
    ),
    "done-whatever-the-filters": (
        [A],
        {"A": DONE},
        Filters(phase="9"),
        "done",
        "every task is completed or abandoned",
    ),
    "filtered": (
        [A, task("C")],
        {},
        Filters(risk=Risk.HIGH),
        "filtered",
        "2 tasks are eligible, none of them within the filters",
    ),
    "one-filtered": (
        [A],
        {},
        Filters(slice="1.1"),
        "filtered",
        "1 task is eligible, none of them within the filters",
    ),
    "deadlocked": (
        [task("A", "B"), B, task("D")],
        {"D": DONE},
        None,
        "deadlocked",
        "2 tasks are pending, all stuck behind a cycle, an unknown id or an abandoned task",
    ),
    "deadlocked-by-one": (
        [task("A", "X")],
        {},
        Filters(phase="1"),
        "deadlocked",
        "1 task is pending, all stuck behind a cycle, an unknown id or an abandoned task",
    ),
    "deadlocked-by-the-provisional-rule": (
        [task("P", **MAYBE), task("H", "P", **HIGH)],
        {},
        None,
        "deadlocked",
        "2 tasks are pending, all stuck behind a cycle, an unknown id or an abandoned task",
    ),
    "waiting-for-progress": (
        [A, B],
        {"A": ON},
        None,
        "waiting",
        "1 in progress, 0 blocked, 1 pending and waiting for them or stuck",
    ),
    "waiting-for-blocked": (
        [A, B],
        {"A": STOPPED},
        None,
        "waiting",
        "0 in progress, 1 blocked, 1 pending and waiting for them or stuck",
    ),
    "nothing-pending-but-blocked": (
        [A],
        {"A": STOPPED},
        None,
        "waiting",
        "0 in progress, 1 blocked, 0 pending and waiting for them or stuck",
    ),
    "stuck-beside-progress": (
        [A, task("C", "X")],
        {"A": ON},
        None,
        "waiting",
        "1 in progress, 0 blocked, 1 pending and waiting for them or stuck",
    ),
}


@pytest.mark.parametrize(("tasks", "state", "filters", "outcome", "reason"), NONE.values(), ids=NONE)
def test_why_there_is_none(tasks, state, filters, outcome, reason):
    assert answer(tasks, state, filters) == NoTask("No eligible task", reason, outcome)


EMPTY = finding("BLOCKED::EMPTY-AC::A", "A", blocking=True)
GATE = finding("BLOCKED::WIP-LIMIT", blocking=True)
WARNING = finding("WARN::AC-DRIFT::A", "A", severity="warning")


def test_findings_come_with_the_task_and_do_not_hold_it_unless_it_must_be_startable():
    found = {"A": [EMPTY, WARNING]}
    assert answer([A, task("C")], found=found).findings == [EMPTY, WARNING]
    assert answer([A, task("C")], found=found, startable=True).task_id == "C"
    assert answer([A, task("C")], found={"A": [WARNING]}, startable=True).task_id == "A"


def test_where_every_eligible_task_is_held_back_each_is_named_with_its_codes():
    found = answer([A, task("H", **HIGH)], found={"A": [EMPTY, GATE, GATE], "H": [GATE]}, startable=True)
    assert found == NoTask(
        "No startable task",
        "2 tasks are eligible, but held back by findings or gates",
        "waiting",
        [Skipped("H", ["BLOCKED::WIP-LIMIT"]), Skipped("A", ["BLOCKED::EMPTY-AC::A", "BLOCKED::WIP-LIMIT"])],
    )


def test_only_what_the_filters_keep_is_skipped():
    found = answer([A, task("L", **LOW)], None, Filters(risk=Risk.LOW), {"L": [GATE]}, startable=True)
    assert names(found.skipped) == ["L"]


@pytest.mark.parametrize(
    ("risk", "tdd"), [("High", Tdd.REQUIRED), ("Medium", Tdd.RECOMMENDED), ("Low", Tdd.OPTIONAL)]
)
def test_whether_tests_come_first_follows_from_the_risk(risk, tdd):
    assert answer([task("A", risk=risk)]).tdd is tdd


def test_the_answer_is_the_task_with_all_its_fields():
    entry = {
        "task_id": "A",
        "title": "Title",
        "description": "Text",
        "capability_id": "CAP",
        "phase": "Phase 1",
        "slice": "Slice 1.1",
        "risk": "High",
        "est": {"size": "L"},
        "acceptance_criteria": [{"id": "AC01", "text": "It works"}],
        "depends_on_tasks": ["D"],
        "related_specs": ["spec.md"],
        "related_adrs": ["ADR-0001"],
        "related_guides": ["guide.md"],
        "test_verification": ["test.py"],
        "gap_codes": ["GAP::X"],
        "provisional": False,
        "parallel": False,
        "conflicts_with": ["D"],
        "file_scope": ["src/**"],
        "parallelism_group": "g",
    }
    found = answer([entry, task("D")], {"D": DONE})
    backlog = backlog_of([entry])
    for name in TaskCard.__struct_fields__:
        if name not in {"size", "status"}:
            assert getattr(found, name) == getattr(backlog["A"], name)
    assert (found.size, found.status) == ("L", "pending")
    assert set(entry) - {"est"} <= set(NextTask.__struct_fields__)


def test_what_was_not_declared_is_empty_and_not_made_up():
    found = answer([{"task_id": "A"}])
    assert (found.test_verification, found.conflicts_with, found.acceptance_criteria) == ((), (), ())
    assert (found.parallel, found.parallelism_group, found.title) == (None, None, "")
