"""Tasks in files of their own: what of file and state counts, and ids of boxes that stay."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtm.model.backlog import Backlog
from vtm.model.box_ids import renumbered
from vtm.model.own_file import as_known, overlaid, remembering
from vtm.model.state import UNTOUCHED, State, TaskState
from vtm.model.status import Status
from vtm.model.task import FileTask, Manifest, Task
from vtm.sources.markdown_task import read_task

ONE, TWO = (datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2))


def boxes(*texts, met=()):
    """A task with a box for each text."""
    lines = [f"- [{'x' if text in met else ' '}] {text}\n" for text in texts]
    return read_task("a.md", f"---\nid: A\n---\n{''.join(lines)}".encode()).task


def ids(task):
    return [each.id for each in task.acceptance_criteria]


BEFORE = {"AC01": "a", "AC02": "b", "AC03": "c"}
EDITS = {
    "nothing": ("abc", ["AC01", "AC02", "AC03"]),
    "above": ("xabc", ["AC04", "AC01", "AC02", "AC03"]),
    "between": ("abxc", ["AC01", "AC02", "AC04", "AC03"]),
    "below": ("abcxy", ["AC01", "AC02", "AC03", "AC04", "AC05"]),
    "gone": ("ac", ["AC01", "AC03"]),
    "all-gone": ("", []),
    "turned": ("cba", ["AC03", "AC02", "AC01"]),
    "reworded": ("axc", ["AC01", "AC02", "AC03"]),
    "two-reworded": ("axy", ["AC01", "AC02", "AC03"]),
    "reworded-and-more": ("axyc", ["AC01", "AC04", "AC05", "AC03"]),
    "all-new": ("xyz", ["AC01", "AC02", "AC03"]),
    "fewer-and-new": ("x", ["AC04"]),
    "twice": ("aabc", None),
    "gone-and-added-elsewhere": ("bcx", ["AC02", "AC03", "AC04"]),
}


@pytest.mark.parametrize(("texts", "expected"), EDITS.values(), ids=EDITS)
def test_ids_of_boxes_stay(texts, expected):
    after = renumbered(boxes(*texts, met=texts[:1]), BEFORE)
    if expected is None:
        expected = ids(after)
        assert sorted(expected) == ["AC01", "AC02", "AC03", "AC04"]
        assert expected[2:] == ["AC02", "AC03"]
    assert ids(after) == expected
    assert [each.text for each in after.acceptance_criteria] == list(texts)
    assert after.numbered == tuple(expected)
    assert after.met == (() if not texts else tuple(expected[:2] if texts[:2] == "aa" else expected[:1]))


def test_an_id_that_became_a_box_s_own_is_not_given_again():
    task = boxes("AC02", "b", "x")
    after = renumbered(task, BEFORE)
    assert ids(after)[0] == "AC02"
    assert len(set(ids(after))) == 3


def test_the_largest_number_is_followed_by_a_larger_one():
    task = boxes("AC999999999", "x")
    first = renumbered(task, {"AC01": "gone", "AC02": "gone too"})
    known = dict(zip(first.numbered, ["x"], strict=True))
    again = renumbered(boxes("AC999999999", "x", "y"), known)
    assert ids(again)[1] == ids(first)[1]
    assert len(set(ids(again))) == 3


TEXTS = st.lists(st.sampled_from("abcdefgh"), max_size=8, unique=True)


@given(TEXTS, st.lists(TEXTS, max_size=4))
def test_whatever_is_edited_a_box_that_stays_keeps_its_id(first, edits):
    task = boxes(*first)
    state = remembering(task, UNTOUCHED)
    had = set(state.criteria)
    for texts in edits:
        before = {text: name for name, text in state.criteria.items()}
        after = as_known(boxes(*texts), state)
        found = {each.text: each.id for each in after.acceptance_criteria}
        assert len(set(found.values())) == len(texts)
        if state.criteria:
            assert {text: found[text] for text in before if text in found} == {
                text: name for text, name in before.items() if text in found
            }
            new = set(found.values()) - set(before.values())
            assert not new & set(state.criteria)
        assert renumbered(after, {}) is not None
        state = remembering(after, state)
        assert as_known(boxes(*texts), state) == after
        had |= set(state.criteria)


ROWS = {
    "nothing": ({}, None, None),
    "status": ({"declared_status": Status.COMPLETED}, None, TaskState(Status.COMPLETED)),
    "file-wins": ({"declared_status": Status.PENDING}, TaskState(Status.COMPLETED, ONE, TWO), TaskState()),
    "blocked": (
        {"declared_status": Status.BLOCKED},
        TaskState(Status.PENDING, notes="n", epoch=3),
        TaskState(Status.BLOCKED, notes="n", epoch=3),
    ),
    "times-of-the-file": (
        {"declared_status": Status.COMPLETED, "started_at": ONE, "completed_at": TWO},
        TaskState(Status.COMPLETED, TWO, ONE),
        TaskState(Status.COMPLETED, ONE, TWO),
    ),
    "times-of-the-state": (
        {"declared_status": Status.COMPLETED, "completed_at": TWO},
        TaskState(Status.COMPLETED, ONE, ONE),
        TaskState(Status.COMPLETED, ONE, TWO),
    ),
    "no-times-of-another-status": (
        {"declared_status": Status.IN_PROGRESS},
        TaskState(Status.COMPLETED, ONE, ONE),
        TaskState(Status.IN_PROGRESS),
    ),
    "what-the-file-cannot-say": (
        {"declared_status": Status.PENDING},
        TaskState(owner="ada", epoch=2, waived={"B": "not needed"}),
        TaskState(owner="ada", epoch=2, waived={"B": "not needed"}),
    ),
}


@pytest.mark.parametrize(("fields", "entry", "expected"), ROWS.values(), ids=ROWS)
def test_what_counts(fields, entry, expected):
    task = FileTask("A", **{"declared_status": Status.PENDING, **fields})
    assert overlaid(task, entry) == expected


def test_ticks_are_those_of_the_file_in_the_order_of_the_state():
    task = boxes("a", "b", "c", met=("a", "b", "c"))
    state = TaskState(acs_completed=("AC03", "gone", "AC01"))
    assert overlaid(task, state).acs_completed == ("AC03", "gone", "AC01", "AC02")
    assert overlaid(boxes("a", "b"), state).acs_completed == ("AC03", "gone")


def test_a_task_of_the_manifest_has_its_state_from_the_state_file_alone():
    state = State({"A": TaskState(Status.COMPLETED), "B": TaskState(Status.COMPLETED)})
    tasks = (Task("A"), FileTask("B", declared_status=Status.BLOCKED))
    backlog = Backlog(Manifest(tasks), state)
    assert [backlog.status(each) for each in "AB"] == [Status.COMPLETED, Status.BLOCKED]
    assert backlog.recorded is state
    assert state.tasks["B"].status is Status.COMPLETED


def test_a_file_says_nothing_of_criteria_that_it_has_no_box_for():
    entry = TaskState(acs_completed=("OLD", "AC02", "AC01"))
    assert overlaid(boxes("a", "b", met="b"), entry).acs_completed == ("OLD", "AC02")
