"""Plans and waves: groups, mode, reasons, estimates, and what cannot be planned."""

import msgspec
import pytest

from tests.asking import DONE, GONE, HIGH, LOW, MAYBE, ON, STOPPED, names, task
from tests.builders import backlog_of
from vtm.graph.readiness import Readiness
from vtm.model.durations import Moment, durations
from vtm.model.settings import Minutes
from vtm.queries.estimates import Origin, size_estimates
from vtm.queries.filters import Filters
from vtm.queries.plan import plan
from vtm.queries.planning import Mode, Question
from vtm.queries.waves import waves


def free(name, *needs, **more):
    """A task entry that says all that is needed to run beside others."""
    return task(name, *needs, **{"parallel": True, "conflicts_with": [], "file_scope": [name], **more})


def planned(tasks, state=None, *, mode="parallel", places=3, filters=None, minutes=None, seconds=None):
    backlog = backlog_of(tasks, state)
    estimates = size_estimates(backlog, minutes or Minutes(), seconds or {})
    return plan(backlog, Readiness(backlog), Question(filters or Filters(), Mode(mode), places), estimates)


def in_waves(tasks, state=None, places=3):
    backlog = backlog_of(tasks, state)
    question = Question(Filters(), Mode.PARALLEL, places, in_waves=True)
    return waves(backlog, Readiness(backlog), question, size_estimates(backlog, Minutes(), {}))


def groups(answer):
    return [(each.type, each.start, each.minutes, names(each.tasks)) for each in answer.groups]


SEED = [
    free("MONO"),
    free("HASH", est={"size": "S"}),
    free("ATOMIC"),
    free("SQLITE", "MONO", **HIGH),
    free("TESTKIT", "SQLITE"),
    free("METRICS", "SQLITE", est={"size": "S"}),
]


def test_groups_as_an_orchestrator_launches_them():
    answer = planned(SEED)
    assert groups(answer) == [
        ("parallel", 0, 30, ["MONO", "ATOMIC", "HASH"]),
        ("serial", 30, 30, ["SQLITE"]),
        ("parallel", 60, 30, ["TESTKIT", "METRICS"]),
    ]
    assert (answer.minutes, answer.serial_minutes, answer.saving) == (90, 150, 40.0)
    assert (answer.mode, answer.asked, answer.max, answer.findings) == ("parallel", "parallel", 3, [])


def test_sequential_unless_asked_for():
    answer = planned(SEED, mode="sequential")
    assert [each.type for each in answer.groups] == ["serial"] * 6
    assert [names(each.tasks) for each in answer.groups[:3]] == [["MONO"], ["SQLITE"], ["HASH"]]
    assert (answer.minutes, answer.serial_minutes, answer.saving, answer.max) == (150, 150, 0, 1)
    assert answer.findings == []


INCOMPLETE = {
    "parallel is not declared": ({"parallel": None}, None),
    "conflicts are not declared": ({"conflicts_with": None}, None),
    "it conflicts with itself": ({"conflicts_with": ["B"]}, None),
    "a task that is blocked": ({"parallel": None}, STOPPED),
    "a task in progress": ({"parallel": None}, ON),
}


@pytest.mark.parametrize(("fields", "state"), INCOMPLETE.values(), ids=INCOMPLETE)
def test_incomplete_metadata_makes_it_sequential(fields, state):
    answer = planned([free("A"), free("B", **fields), free("C")], {"B": state} if state else {})
    (found,) = answer.findings
    assert (answer.mode, answer.asked, answer.max) == ("sequential", "parallel", 1)
    assert (found.code, found.severity) == ("WARN::PARALLEL-METADATA-MISSING", "warning")
    assert found.message.endswith(" on B")
    assert {each.type for each in answer.groups} == {"serial"}


@pytest.mark.parametrize("state", [DONE, GONE])
def test_what_is_over_need_not_declare_anything(state):
    assert planned([free("A"), task("B")], {"B": state}).mode == "parallel"


def test_tasks_outside_of_the_selection_need_not_declare_anything():
    tasks = [free("A", slice="Slice 1.1"), task("B", slice="Slice 1.2")]
    assert planned(tasks, filters=Filters(slice="1.1")).mode == "parallel"


REASONS = {
    "High": ([free("A", **HIGH)], "A is High and runs alone"),
    "not parallel": ([free("A", parallel=False)], "A says parallel: false and runs alone"),
    "a conflict": ([free("A", conflicts_with=["B"]), free("B")], "B conflicts with A"),
    "a file": ([free("A", file_scope=["x"]), free("B", file_scope=["x/y"])], "B shares files with it (x)"),
    "the folder of the project": (
        [free("A", file_scope=[""]), free("B", file_scope=["x"])],
        "B shares files with it (.)",
    ),
    "nothing else": ([free("A"), free("B", "A")], "nothing else can start with it"),
    "one that runs alone waits": (
        [free("A", **LOW), free("C", "A", **LOW), free("H", **HIGH)],
        "H is High and waits to run alone",
    ),
    "others would delay one that runs alone": (
        [
            free("A", est={"size": "S"}),
            free("C", "A", est={"size": "L"}),
            free("N", parallel=False, est={"size": "L"}),
            free("B"),
        ],
        "N says parallel: false and waits to run alone; B would keep it waiting for longer",
    ),
    "side by side": ([free("A"), free("B")], "no dependency, conflict or shared file among them"),
    "unknown files": (
        [free("A"), free("B", file_scope=[])],
        "no dependency, conflict or shared file among them; "
        "no file_scope on B, so that their files are not known",
    ),
}


@pytest.mark.parametrize(("tasks", "reason"), REASONS.values(), ids=REASONS)
def test_groups_say_why(tasks, reason):
    assert planned(tasks).groups[0].reason == reason


def test_the_reason_is_the_limit_where_one_is_allowed():
    assert planned([free("A"), free("B")], places=1).groups[0].reason == "no more than 1 at once"


def test_a_group_says_what_it_starts_beside():
    tasks = [free("A", est={"size": "L"}), free("B", est={"size": "S"}), free("C", "B")]
    second = planned(tasks).groups[1]
    assert (second.type, second.start, second.beside) == ("parallel", 15, ["A"])
    assert second.reason.endswith("; beside A")


def test_tasks_in_progress_hold_places_and_files_from_the_start():
    tasks = [free("R", file_scope=["x"]), free("A", file_scope=["x/a"]), free("B"), free("C", "R"), free("D")]
    answer = planned(tasks, {"R": ON})
    assert names(answer.running) == ["R"]
    assert groups(answer) == [("parallel", 0, 30, ["B", "D"]), ("parallel", 30, 30, ["A", "C"])]
    assert answer.serial_minutes == 150


def test_tasks_in_progress_count_outside_of_the_selection_too():
    tasks = [free("R", slice="1.2", **HIGH), free("A", slice="1.1")]
    answer = planned(tasks, {"R": ON}, filters=Filters(slice="1.1"))
    assert (names(answer.running), groups(answer)) == (["R"], [("serial", 30, 30, ["A"])])


UNPLANNED = {
    "blocked": (STOPPED, "blocked", "no reason is recorded"),
    "blocked, with a reason": (STOPPED | {"blocked_reason": "No key"}, "blocked", "No key"),
}


@pytest.mark.parametrize(("state", "hindrance", "reason"), UNPLANNED.values(), ids=UNPLANNED)
def test_blocked_tasks_are_not_planned_nor_is_what_waits_for_them(state, hindrance, reason):
    answer = planned([free("A"), free("B", "A"), free("C", "B", "D"), free("D")], {"A": state})
    assert [(each.task_id, each.hindrance, each.reason) for each in answer.unplanned] == [
        ("A", hindrance, reason),
        ("B", "waiting", "A is blocked"),
        ("C", "waiting", "B cannot be planned either"),
    ]
    assert groups(answer) == [("serial", 0, 30, ["D"])]
    assert (answer.total, answer.returned, answer.truncated) == (4, 4, False)


def test_stuck_tasks_are_not_planned():
    tasks = [free("A", "B"), free("B", "A"), free("C", "X"), free("D", "G"), free("E", "E"), free("F", "A")]
    answer = planned([*tasks, free("G"), free("H")], {"G": GONE})
    assert [(each.task_id, each.reason) for each in answer.unplanned] == [
        ("A", "B is stuck"),
        ("B", "A is stuck"),
        ("C", "X is unknown"),
        ("D", "G is abandoned"),
        ("E", "it depends on itself"),
        ("F", "A is stuck"),
    ]
    assert {each.hindrance for each in answer.unplanned} == {"stuck"}
    assert groups(answer) == [("serial", 0, 30, ["H"])]


def test_what_waits_for_something_outside_of_the_selection_is_not_planned():
    tasks = [free("A", slice="1.1"), free("B", "A", slice="1.2"), free("C", "R", slice="1.2"), free("R")]
    answer = planned(tasks, {"R": ON}, filters=Filters(slice="1.2"))
    assert [(each.task_id, each.reason) for each in answer.unplanned] == [("B", "A is not selected")]
    assert groups(answer) == [("serial", 30, 30, ["C"])]


def test_a_waived_dependency_counts_as_over():
    answer = planned([free("A"), free("B", "A")], {"B": {"waived": {"A": "why not"}}})
    assert groups(answer) == [("parallel", 0, 30, ["A", "B"])]


def test_provisional_tasks_come_behind_the_high_tasks_that_hold_them():
    tasks = [free("P", est={"size": "L"}, **MAYBE), free("H", **HIGH), free("I", "A", **HIGH), free("A")]
    assert groups(planned(tasks)) == [
        ("serial", 0, 30, ["A"]),
        ("serial", 30, 30, ["H"]),
        ("serial", 60, 30, ["I"]),
        ("serial", 90, 60, ["P"]),
    ]
    blocked = planned(tasks, {"H": STOPPED})
    assert [(each.task_id, each.reason) for each in blocked.unplanned] == [
        ("P", "it is provisional while H is open"),
        ("H", "no reason is recorded"),
    ]


@pytest.mark.parametrize("tasks", [[], [free("A")]], ids=["no tasks", "all done"])
@pytest.mark.parametrize("mode", Mode)
def test_nothing_to_plan(tasks, mode):
    answer = planned(tasks, {"A": DONE}, mode=mode)
    assert (answer.groups, answer.unplanned, answer.findings) == ([], [], [])
    assert (answer.minutes, answer.serial_minutes, answer.saving, answer.total) == (0, 0, 0, 0)


SIZES = [free(f"{size}{number}", est={"size": size}) for size in "SM" for number in range(5)]
FINISHED = {entry["task_id"]: DONE for entry in SIZES}


def test_from_five_on_the_median_of_completed_tasks_counts():
    seconds = {f"S{number}": 60 * (number + 1) for number in range(5)} | {"M1": 600, "M2": 600, "GONE": 600}
    state = FINISHED | {"M2": ON}
    answer = planned([*SIZES, free("A", est={"size": "S"}), free("B")], state, seconds=seconds)
    assert [(each.size, each.minutes, each.origin, each.completed) for each in answer.estimates] == [
        ("S", 3, Origin.JOURNAL, 5),
        ("M", 30, Origin.SETTINGS, 1),
        ("L", 60, Origin.SETTINGS, 0),
    ]
    assert {each.task_id: each.minutes for group in answer.groups for each in group.tasks} == {
        "A": 3,
        "B": 30,
    }


def test_estimates_are_those_of_the_settings():
    answer = planned([free("A"), free("B", est={"size": "L"})], minutes=Minutes(M=7, L=0), places=1)
    assert groups(answer) == [("serial", 0, 7, ["A"]), ("serial", 7, 0, ["B"])]
    assert (answer.minutes, answer.saving) == (7, 0)


def moments(*lines):
    """`A start 1`: what happens to a task at a minute."""
    entries = [line.split() for line in lines]
    return [
        msgspec.convert(
            {
                "id": str(at),
                "at": f"2026-01-01T{int(at) // 60:02}:{int(at) % 60:02}:00Z",
                "task": name,
                "event": kind,
            },
            Moment,
        )
        for name, kind, at in entries
    ]


DURATIONS = {
    "nothing": ([], {}),
    "from start to completion": (["A start 1", "B start 2", "A complete 11"], {"A": 600}),
    "whatever order the lines have": (["A complete 11", "A start 1"], {"A": 600}),
    "taken up anew": (["A start 1", "A start 60", "A complete 70"], {"A": 600}),
    "taken over": (["A start 1", "A takeover 60", "A complete 70"], {"A": 600}),
    "completed twice": (["A start 1", "A complete 11", "A start 60", "A complete 65"], {"A": 300}),
    "completed without a start": (["A complete 11"], {}),
    "completed twice after one start": (["A start 1", "A complete 11", "A complete 60"], {"A": 600}),
    "written down afterwards": (["A start 1", "A complete 1"], {}),
}


@pytest.mark.parametrize(("lines", "expected"), DURATIONS.values(), ids=DURATIONS)
def test_durations(lines, expected):
    assert durations(moments(*lines)) == expected


def test_waves_wait_for_each_other():
    tasks = [free("A", est={"size": "S"}), free("B"), free("C", "A"), free("R", est={"size": "L"})]
    answer = in_waves([*tasks, free("D", "C", "B")], {"R": ON})
    assert [
        (each.wave, each.start, each.minutes, names(each.tasks), each.waits_for, each.beside)
        for each in answer.waves
    ] == [
        (1, 0, 30, ["A", "B"], [], ["R"]),
        (2, 60, 30, ["C"], ["R", "A"], []),
        (3, 90, 30, ["D"], ["C", "B"], []),
    ]
    assert (answer.minutes, answer.serial_minutes, answer.saving) == (120, 165, 27.3)
    assert (answer.mode, answer.size) == ("parallel", 3)


def test_waves_hold_one_task_each_where_metadata_is_missing():
    answer = in_waves([free("A"), task("B")])
    assert [names(each.tasks) for each in answer.waves] == [["A"], ["B"]]
    assert (answer.mode, answer.size, len(answer.findings)) == ("sequential", 1, 1)


def test_waves_name_the_holders_of_provisional_tasks_once():
    tasks = [free("H", **HIGH), free("P", **MAYBE, **LOW), free("Q", "P", **MAYBE, **LOW)]
    assert [each.waits_for for each in in_waves(tasks).waves] == [[], ["H"], ["P"]]
