"""How far each phase, slice and risk is."""

from datetime import timedelta

from tests.asking import DONE, GONE, HIGH, LOW, NOW, ON, asked, names, task
from vtm.queries.pulse import Progress
from vtm.queries.status import RECENT, backlog_status

TASKS = [
    task("A", phase="Phase 2", slice="Slice 2.1", **HIGH),
    task("B", phase="Phase 1", slice="Slice 1.1"),
    task("C", phase="Phase 2", slice="Slice 2.2", **HIGH),
    task("D"),
]


def test_groups_stand_in_the_order_in_which_tasks_name_them():
    found = asked(backlog_status, TASKS, {"A": DONE, "B": ON, "D": GONE, "X": DONE}, NOW)
    assert list(found.by_phase.items()) == [
        ("Phase 2", Progress(50.0, 1, 2)),
        ("Phase 1", Progress(0.0, 0, 1)),
        ("", Progress(0.0, 0, 1)),
    ]
    assert list(found.by_slice) == ["Slice 2.1", "Slice 1.1", "Slice 2.2", ""]
    assert found.tasks == {"pending": 1, "in-progress": 1, "blocked": 0, "completed": 1, "abandoned": 1}
    assert (found.at, names(found.in_progress)) == (NOW, ["B"])


def test_every_risk_is_there_the_highest_first():
    found = asked(backlog_status, [task("A", **LOW), task("B", **LOW)], {"A": DONE}, NOW)
    assert list(found.by_risk.items()) == [
        ("High", Progress(0.0, 0, 0)),
        ("Medium", Progress(0.0, 0, 0)),
        ("Low", Progress(50.0, 1, 2)),
    ]


def test_the_five_completed_last_come_latest_first_and_those_without_a_time_last():
    hours = {"A": 3, "B": 1, "D": 2}
    state = {
        name: {**DONE, "completed_at": (NOW - timedelta(hours=each)).isoformat()}
        for name, each in hours.items()
    }
    found = asked(backlog_status, [*map(task, "CABDEFG")], {**state, "C": DONE, "E": DONE, "F": DONE}, NOW)
    assert names(found.recent_completed) == ["B", "D", "A", "C", "E"]
    assert [each.seconds for each in found.recent_completed] == [3600, 7200, 10800, None, None]
    assert len(found.recent_completed) == RECENT
