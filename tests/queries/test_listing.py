"""Lists: order, limit, and how both are told."""

import pytest

from tests.asking import DONE, HIGH, LOW, ON, STOPPED, asked, names, task
from vtm.model.status import Risk, Status
from vtm.queries.card import TaskLine
from vtm.queries.filters import Filters
from vtm.queries.listing import Sort, task_list

TASKS = [
    task("T10", phase="Phase 10", slice="Slice 10.1", est={"size": "L"}),
    task("T2", "T10", phase="Phase 2", slice="Slice 2.10", **HIGH),
    task("T1", phase="Phase 2", slice="Slice 2.9", est={"size": "S"}, **LOW),
    task("A", phase="Phase 2", slice="Slice 2.9", est={"size": "S"}, **HIGH),
    task("T02", **LOW),
]
STATE = {"T1": DONE, "A": ON, "T02": STOPPED}
SORTED = {
    Sort.ORDER: "T10 T2 T1 A T02",
    Sort.ID: "A T1 T2 T02 T10",
    Sort.RISK: "T2 A T10 T1 T02",
    Sort.STATUS: "T10 T2 A T02 T1",
    Sort.PHASE: "T02 T1 A T2 T10",
    Sort.SIZE: "T1 A T2 T02 T10",
}


def listed(filters=None, state=STATE, **options):
    return asked(task_list, TASKS, state, filters or Filters(), **options)


@pytest.mark.parametrize("sort", Sort)
def test_order(sort):
    assert " ".join(names(listed(sort=sort).tasks)) == SORTED[sort]


def test_numbers_of_any_length_can_be_sorted():
    tasks = [task(f"T{'9' * 5000}"), task("T10"), task("T٣"), task("T")]
    found = asked(task_list, tasks, {}, Filters(), sort=Sort.ID)
    assert [each.task_id[:4] for each in found.tasks] == ["T", "T10", "T999", "T٣"]


ELIGIBLE = {
    "order-of-selection": ({}, "A T10 T1 T02"),
    "sorted-otherwise": ({"sort": Sort.ID}, "A T1 T02 T10"),
    "filtered": ({"filters": Filters(risk=Risk.LOW)}, "T1 T02"),
    "of-another-status": ({"filters": Filters(statuses=frozenset({Status.BLOCKED}))}, ""),
}


@pytest.mark.parametrize(("options", "expected"), ELIGIBLE.values(), ids=ELIGIBLE)
def test_eligible(options, expected):
    assert " ".join(names(listed(state={}, eligible=True, **options).tasks)) == expected


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [((), "T10 T2 T1 A T02"), (("blocked", "in-progress"), "A T02"), (("abandoned",), "")],
)
def test_statuses(statuses, expected):
    found = listed(Filters(statuses=frozenset(map(Status, statuses))))
    assert " ".join(names(found.tasks)) == expected


@pytest.mark.parametrize(
    ("limit", "returned", "truncated"),
    [(0, 5, False), (1, 1, True), (4, 4, True), (5, 5, False), (9, 5, False)],
)
def test_a_limit_cuts_and_says_so(limit, returned, truncated):
    found = listed(limit=limit)
    assert (found.total, found.returned, found.truncated) == (5, returned, truncated)
    assert len(found.tasks) == returned


def test_a_line_says_what_a_task_is_and_where_it_stands():
    (line,) = listed(Filters(capability="", slice="2.10"), {}).tasks
    assert line == TaskLine("T2", "", Status.PENDING, Risk.HIGH, "Phase 2", "Slice 2.10", "M")
