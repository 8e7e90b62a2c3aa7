"""What the old script made of values that the real backlogs happen not to hold."""

import pytest

from vtm.queries.compat import VtmStatus


def script(tasks=None, state=None):
    return VtmStatus(
        {"tasks": tasks} if tasks is not None else {}, {"tasks": state} if state is not None else {}
    )


def task(name, *needs, **more):
    return {"task_id": name, "risk": "Low", "depends_on_tasks": list(needs), **more}


NOTHING = {"next_task": None, "in_progress": 0, "blocked": 0, "eligible": 0}


def test_files_without_tasks_are_empty():
    assert script().dashboard() == ({"progress": {"completed": 0, "total": 0, "percentage": 0}, **NOTHING}, 0)
    assert script().next()[1] == 1
    assert script().blocked() == ([], 0)
    assert script().status()[0]["by_risk"] == {"High": 0, "Medium": 0, "Low": 0}


def test_absent_fields_are_left_out_and_those_with_a_default_get_it():
    assert script([{"task_id": "A", "title": None, "est": {"size": ""}}]).next() == (
        {
            "task_id": "A",
            "title": None,
            "description": "",
            "size": "M",
            "acceptance_criteria": [],
            "depends_on_tasks": [],
            "related_specs": [],
            "related_adrs": [],
            "related_guides": [],
            "test_verification": [],
        },
        0,
    )
    assert script([{"task_id": "A"}]).dashboard()[0]["next_task"] == {"task_id": "A"}
    assert script([task("A", "B")]).blocked()[0] == [
        {
            "task_id": "A",
            "risk": "Low",
            "blocked_reason": "Waiting on dependencies",
            "missing_dependencies": ["B"],
            "status": "pending",
        }
    ]


STATUSES = {
    "no-entry": (..., True),
    "null-entry": (None, True),
    "pending": ({"status": "pending"}, True),
    "no-status": ({}, False),
    "null-status": ({"status": None}, False),
    "foreign": ({"status": "todo"}, False),
    "text-entry": ("pending", False),
    "empty-text-entry": ("", True),
}


@pytest.mark.parametrize(("entry", "eligible"), STATUSES.values(), ids=STATUSES)
def test_what_counts_as_not_started(entry, eligible):
    found = script([task("A")], {} if entry is ... else {"A": entry})
    assert found.dashboard()[0]["eligible"] == eligible
    assert script([task("A", "B")], {} if entry is ... else {"A": entry}).blocked()[0] == (
        found.blocked()[0] if not eligible else script([task("A", "B")]).blocked()[0]
    )


def test_a_dependency_that_is_no_text_is_never_met():
    assert script([task("A", 1)], {"1": {"status": "completed"}}).blocked()[0][0]["missing_dependencies"] == [
        1
    ]


def test_a_completed_dependency_is_met_even_if_no_task_has_its_id():
    found = script([task("A", "B", "X")], {"B": {"status": "completed"}, "X": {"status": "completed"}})
    assert found.blocked() == ([], 0)
    assert found.next()[0]["task_id"] == "A"


def test_a_risk_of_another_name_comes_last_and_is_counted_under_it():
    tasks = [{"task_id": "A"}, task("B", risk="high"), task("C", risk=None), task("D")]
    assert script(tasks).next()[0]["task_id"] == "D"
    assert script(tasks[:2]).next()[0]["task_id"] == "A"
    by_risk = script(tasks).status()[0]["by_risk"]
    assert by_risk == {"High": 0, "Medium": 0, "Low": 1, "undefined": 1, "high": 1, "null": 1}


def test_groups_without_a_name_are_called_as_the_script_calls_them():
    found = script(
        [task("A", phase=None), task("B", phase="Phase 1")], {"B": {"status": "completed"}}
    ).status()[0]
    assert found["by_phase"] == {
        "null": {"completed": 0, "total": 1},
        "Phase 1": {"completed": 1, "total": 1},
    }
    assert found["by_slice"] == {"undefined": {"completed": 1, "total": 2}}


RECENT = {
    "latest-first": (["2025-10-01T00:00:00Z", "2025-10-03T00:00:00Z", "2025-10-02T00:00:00Z"], "BCA"),
    "offsets": (["2025-10-03T08:00:00+10:00", "2025-10-02T23:00:00.000Z"], "BA"),
    "below-a-millisecond-is-equal": (["2025-10-01T00:00:00Z", "2025-10-01T00:00:00.0009Z"], "AB"),
    "without-a-time-left-out": ([None, "2025-10-03T00:00:00Z", ""], "B"),
    "unreadable-equals-everything": (["2025-10-01T00:00:00Z", "soon", "2025-10-03T00:00:00Z"], "ABC"),
    "milliseconds": ([1759363200000, "2025-10-03T00:00:00Z", 9e15], "BAC"),
    "without-an-offset": (["2025-10-03", "2025-10-03T00:00:01"], "BA"),
}


@pytest.mark.parametrize(("times", "expected"), RECENT.values(), ids=RECENT)
def test_recently_completed(times, expected):
    entries = {
        name: {"status": "completed", "completed_at": at} for name, at in zip("ABC", times, strict=False)
    }
    found = script([], entries).status()[0]["recent_completed"]
    assert "".join(each["task_id"] for each in found) == expected


def test_the_five_completed_last_are_recent():
    entries = {name: {"status": "completed", "completed_at": f"2025-10-0{name}"} for name in "1234567"}
    found, code = script([], entries).status()
    assert ("".join(each["task_id"] for each in found["recent_completed"]), code) == ("76543", 0)


def test_ids_that_are_indices_come_first_in_their_order():
    ids = ["b", "10", "4294967295", "9", "01", "4294967294", "a", "0"]
    found = script([], {key: {"status": "in-progress"} for key in ids}).status()[0]["in_progress_tasks"]
    assert found == ["0", "9", "10", "4294967294", "b", "4294967295", "01", "a"]


@pytest.mark.parametrize(
    ("completed", "total", "percentage"),
    [
        (0, 0, 0),
        (1, 3, 33.3),
        (2, 3, 66.7),
        (1, 16, 6.3),
        (3, 3, 100),
        (4, 3, 133.3),
        (1, 2, 50),
        (23, 160, 14.4),
    ],
)
def test_percentage_has_one_decimal_as_the_script_rounds(completed, total, percentage):
    entries = {f"T{number}": {"status": "completed"} for number in range(completed)}
    found = script([task(f"T{number}") for number in range(total)], entries).dashboard()[0]
    assert found["progress"] == {"completed": completed, "total": total, "percentage": percentage}
