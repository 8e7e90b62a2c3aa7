"""What the state's reader makes of values that are written otherwise, and of entries that are wrong."""

import json
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtm.graph.readiness import Readiness
from vtm.model.backlog import Backlog
from vtm.model.finding import Damage, Location
from vtm.model.state import Evidence, State, TaskState
from vtm.model.status import Status
from vtm.model.task import Manifest, Task
from vtm.sources.decoder import BOM
from vtm.sources.state import JsonState

NAME = "docs/state.json"
SEE = "`vtm schema task-state` shows what it may be"


@pytest.fixture
def read(tmp_path):
    """A reader of states that also sees to it that the file stays as it was."""

    def load(content, *, thorough=False):
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        path = tmp_path / "state.json"
        path.write_bytes(data)
        found = JsonState(path, NAME).load(thorough=thorough)
        assert path.read_bytes() == data
        assert [each.name for each in tmp_path.iterdir()] == ["state.json"]
        return found

    return load


@pytest.fixture
def read_entry(read):
    """What is made of one entry: its state and its defects."""

    def load(entry):
        found = read({"tasks": {"A": entry}})
        return found.state.tasks["A"], found.defects

    return load


STATUSES = {
    **{status.value: status for status in Status},
    "done": Status.COMPLETED,
    "closed": Status.COMPLETED,
    "complete": Status.COMPLETED,
    "open": Status.PENDING,
    "todo": Status.PENDING,
    "failed": Status.BLOCKED,
    "cancelled": Status.ABANDONED,
    "canceled": Status.ABANDONED,
    "Completed": Status.COMPLETED,
    "DONE": Status.COMPLETED,
    "In Progress": Status.IN_PROGRESS,
    "in_progress": Status.IN_PROGRESS,
    "In-Progress": Status.IN_PROGRESS,
    " pending\n": Status.PENDING,
    "Todo": Status.PENDING,
}


@pytest.mark.parametrize(("written", "status"), STATUSES.items(), ids=STATUSES)
def test_a_status_is_read_as_the_one_it_means(read_entry, written, status):
    found, defects = read_entry({"status": written})
    assert found == TaskState(status=status)
    assert [(each.damage, each.message, each.task_id) for each in defects] == (
        []
        if written == status
        else [(Damage.LENIENT, f"status {written!r} is read as {status.value!r}", "A")]
    )


def test_a_status_of_null_is_pending_and_that_is_said(read_entry):
    found, (defect,) = read_entry({"status": None})
    assert found == TaskState()
    assert (defect.damage, defect.message, defect.fix) == (
        Damage.LENIENT,
        "status null is read as 'pending'",
        "write 'pending'",
    )
    assert defect.location == Location(NAME, pointer=("tasks", "A", "status"))


def test_a_task_without_a_status_is_pending(read_entry):
    assert read_entry({"notes": "new"}) == (TaskState(notes="new"), ())


UNKNOWN = [
    "wip",
    "finished",
    "",
    " ",
    "in progress!",
    "pendin",
    "\x1b[31m",
    3,
    True,
    1.5,
    [],
    ["completed"],
    {},
]


@pytest.mark.parametrize("written", UNKNOWN, ids=repr)
def test_an_unknown_status_counts_as_blocked_and_is_never_eligible(read, written):
    found = read({"tasks": {"A": {"status": written, "notes": "kept"}}})
    reason = f"its status {json.dumps(written)} is not known"
    assert found.state.tasks == {"A": TaskState(status=Status.BLOCKED, notes="kept", blocked_reason=reason)}
    (defect,) = found.defects
    assert (defect.damage, defect.location.pointer) == (Damage.SCHEMA, ("tasks", "A", "status"))
    assert (defect.task_id, defect.fix) == ("A", SEE)
    readiness = Readiness(Backlog(Manifest((Task("A"),)), found.state))
    assert (readiness.eligible, readiness.statuses) == ([], {"A": Status.BLOCKED})


@given(st.text() | st.integers() | st.lists(st.text()) | st.dictionaries(st.text(), st.text()))
def test_only_a_status_that_means_pending_leaves_a_task_eligible(tmp_path_factory, written):
    path = tmp_path_factory.mktemp("state") / "state.json"
    path.write_text(json.dumps({"tasks": {"A": {"status": written}}}), "utf-8")
    found = JsonState(path, NAME).load(thorough=False)
    eligible = Readiness(Backlog(Manifest((Task("A"),)), found.state)).eligible
    means_pending = isinstance(written, str) and written.strip().casefold() in {"pending", "open", "todo"}
    assert bool(eligible) is means_pending


NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
TIMES = {
    "utc": ("2026-01-31T12:00:00Z", NOON, None),
    "milliseconds": ("2026-01-31T12:00:00.000Z", NOON, None),
    "nanoseconds": ("2026-01-31T12:00:00.123456000Z", NOON + timedelta(microseconds=123456), None),
    "offset": ("2026-01-31T13:30:00+01:30", NOON, None),
    "offset-without-colon": ("2026-01-31T07:00:00-0500", NOON, None),
    "space-between": ("2026-01-31 12:00:00Z", NOON, None),
    "lower-case": ("2026-01-31t12:00:00z", NOON, None),
    "naive": ("2026-01-31T12:00:00", NOON, "2026-01-31T12:00:00Z"),
    "naive-milliseconds": (
        "2026-01-31T12:00:00.500",
        NOON + timedelta(milliseconds=500),
        "2026-01-31T12:00:00.500000Z",
    ),
    "naive-space": ("2026-01-31 12:00:00", NOON, "2026-01-31T12:00:00Z"),
    "date-only": ("2026-01-31", NOON.replace(hour=0), "2026-01-31T00:00:00Z"),
    "minutes-only": ("2026-01-31T12:00Z", NOON, "2026-01-31T12:00:00Z"),
    "offset-in-hours": ("2026-01-31T14:00:00+02", NOON, "2026-01-31T12:00:00Z"),
    "basic": ("20260131T120000Z", NOON, "2026-01-31T12:00:00Z"),
    "spaces-around": (" 2026-01-31T12:00:00Z\n", NOON, "2026-01-31T12:00:00Z"),
    "first-year": ("0001-01-01T00:00:00+05:00", datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5))), None),
}


@pytest.mark.parametrize(("written", "moment", "read_as"), TIMES.values(), ids=TIMES)
@pytest.mark.parametrize("beside", [{}, {"status": "done"}], ids=["sound", "lenient"])
def test_a_time_is_read_in_every_form_that_can_be_meant(read, written, moment, read_as, beside):
    found = read(
        {"last_updated": written, "tasks": {"A": {"started_at": written, "completed_at": written, **beside}}}
    )
    entry = found.state.tasks["A"]
    assert (entry.started_at, entry.completed_at, found.state.last_updated) == (moment,) * 3
    notes = [each.message for each in found.defects if "status" not in each.message]
    names = ["started_at", "completed_at", "last_updated"] if read_as else []
    assert notes == [f"{name} {written!r} is read as {read_as!r}" for name in names]
    assert {each.damage for each in found.defects} <= {Damage.LENIENT}


GARBAGE = [
    "",
    "soon",
    "31.01.2026",
    "2026-13-01",
    "2026-01-31T25:00:00Z",
    "0001-01-01T00:00+05:00",
    1769860800,
    1.5,
    True,
    [],
    {},
]


@pytest.mark.parametrize("written", GARBAGE, ids=repr)
def test_a_time_that_means_nothing_is_reported_and_left_out(read, written):
    found = read({"last_updated": written, "tasks": {"A": {"started_at": written, "status": "in-progress"}}})
    assert found.state == State({"A": TaskState(status=Status.IN_PROGRESS)})
    assert [(each.damage, each.location.pointer) for each in found.defects] == [
        (Damage.SCHEMA, ("tasks", "A", "started_at")),
        (Damage.SCHEMA, ("last_updated",)),
    ]


READ = {
    "whole-number": ({"pr_number": 7.0, "epoch": 2e0}, TaskState(pr_number=7, epoch=2)),
    "long-number": ({"epoch": 2**70}, TaskState(epoch=2**70)),
    "evidence": (
        {"evidence": {"tests_passed": 3.0, "exit_code": -0.0, "commit": None, "runner": "x"}},
        TaskState(evidence=Evidence(tests_passed=3, exit_code=0)),
    ),
    "nulls": (dict.fromkeys(name for name in TaskState.__struct_fields__ if name != "status"), TaskState()),
    "nulls-inside": ({"evidence": dict.fromkeys(Evidence.__struct_fields__)}, TaskState(evidence=Evidence())),
    "unknown-keys": ({"assignee": ["ada"], "": None}, TaskState()),
    "empty": ({}, TaskState()),
}


@pytest.mark.parametrize(("entry", "state"), READ.values(), ids=READ)
def test_what_means_the_same_is_read_silently(read_entry, entry, state):
    found, defects = read_entry(entry)
    assert (found, list(defects)) == (state, [])


def test_waived_dependencies_in_a_list_have_no_reason_and_that_is_said(read_entry):
    found, (defect,) = read_entry({"waived": ["B", "C", "B"]})
    assert found.waived == {"B": "", "C": ""}
    assert defect.damage is Damage.LENIENT
    assert defect.message == "waived ['B', 'C', 'B'] is read as {'B': '', 'C': ''}"


UNREADABLE = TaskState(status=Status.BLOCKED, blocked_reason="its state cannot be read")
WRONG = {
    "null": (None, UNREADABLE, [((), "null is not of type 'object'")]),
    "text": ("completed", UNREADABLE, [((), "'completed' is not of type 'object'")]),
    "list": (
        [{"status": "pending"}],
        UNREADABLE,
        [((), "[{'status': 'pending'}] is not of type 'object'")],
    ),
    "several": (
        {"status": "completed", "notes": 1, "epoch": True, "pr_number": "7", "acs_completed": ["a", 2]},
        TaskState(status=Status.COMPLETED),
        [
            (("acs_completed", 1), "acs_completed.1: 2 is not of type 'string'"),
            (("epoch",), "epoch: true is not of type 'integer'"),
            (("notes",), "notes: 1 is not of type 'string'"),
            (("pr_number",), "pr_number: '7' is not of type 'integer', 'null'"),
        ],
    ),
    "waived-with-numbers": (
        {"waived": ["B", 3]},
        TaskState(),
        [(("waived",), "waived: ['B', 3] is not of type 'object'")],
    ),
    "waived-without-text": (
        {"waived": {"B": None}},
        TaskState(),
        [(("waived", "B"), "waived.B: null is not of type 'string'")],
    ),
    "evidence": (
        {"evidence": {"covers": {"AC-1": "a.py"}, "exit_code": 0.5}},
        TaskState(),
        [
            (("evidence", "covers", "AC-1"), "evidence.covers.AC-1: 'a.py' is not of type 'array'"),
            (("evidence", "exit_code"), "evidence.exit_code: 0.5 is not of type 'integer', 'null'"),
        ],
    ),
    "evidence-as-text": (
        {"evidence": "yes"},
        TaskState(),
        [(("evidence",), "evidence: 'yes' is not of type 'object', 'null'")],
    ),
}


@pytest.mark.parametrize(("entry", "state", "reasons"), WRONG.values(), ids=WRONG)
def test_a_wrong_entry_is_reported_in_full_and_hides_no_other(read, entry, state, reasons):
    sound = {"status": "completed"}
    found = read({"tasks": {"A": sound, "B": entry, "C": sound}})
    done = TaskState(status=Status.COMPLETED)
    assert found.state.tasks == {"A": done, "B": state, "C": done}
    assert [(each.location.pointer[2:], each.message) for each in found.defects] == reasons
    assert {(each.location.pointer[:2], each.task_id, each.fix) for each in found.defects} == {
        (("tasks", "B"), "B", SEE)
    }


HEADS = {
    "hash": ({"manifest_hash": 5}, State(), ["manifest_hash: 5 is not of type 'string'"]),
    "both": (
        {"manifest_hash": {}, "last_updated": False},
        State(),
        ["last_updated: false is not of type 'string', 'null'", "manifest_hash: {} is not of type 'string'"],
    ),
    "one-of-two": (
        {"manifest_hash": "abc", "last_updated": "?"},
        State(manifest_hash="abc"),
        ["last_updated: '?' is not a 'date-time'"],
    ),
    "nulls": ({"manifest_hash": None, "last_updated": None, "tasks": None}, State(), []),
    "unknown-keys": ({"status": "ok", "timestamp": "?", "version": {}}, State(), []),
    "nothing": ({}, State(), []),
}


@pytest.mark.parametrize(("head", "state", "messages"), HEADS.values(), ids=HEADS)
def test_the_fields_beside_the_tasks_are_read_likewise(read, head, state, messages):
    found = read(head)
    assert (found.state, [each.message for each in found.defects]) == (state, messages)


WHOLE = {
    "a-list": (b"[]", 1, 1),
    "text": (b'"x"', 1, 1),
    "tasks-are-a-list": (b'{"manifest_hash": "",\n "tasks": []}', 2, 2),
    "tasks-are-text": (BOM + b'{"tasks": ""}', 1, 2),
}


@pytest.mark.parametrize(("data", "line", "column"), WHOLE.values(), ids=WHOLE)
def test_a_document_without_entries_is_refused_as_a_whole(read, data, line, column):
    found = read(data, thorough=True)
    (defect,) = found.defects
    assert (found.state, defect.damage) == (None, Damage.SCHEMA)
    assert defect.message == f"{NAME} is not an object with an object `tasks`"
    assert (defect.location, defect.fix) == (Location(NAME, line, column), 'write {"tasks": {...}}')


def test_bytes_that_are_not_json_are_refused_as_a_whole(read):
    found = read(b'{"tasks": {\n<<<<<<< HEAD\n}}')
    (defect,) = found.defects
    assert (found.state, defect.damage) == (None, Damage.CONFLICT_MARKERS)
    assert defect.location == Location(NAME, 2, 1)


def test_a_state_that_is_missing_is_empty_and_nothing_is_created(tmp_path):
    for path in (tmp_path / "state.json", tmp_path / "none" / "state.json"):
        found = JsonState(path, NAME).load(thorough=True)
        assert (found.state, list(found.defects)) == (State(), [])
    assert list(tmp_path.iterdir()) == []


def test_a_file_where_a_folder_should_be_is_a_defect(tmp_path):
    (tmp_path / "docs").write_text("", "utf-8")
    found = JsonState(tmp_path / "docs" / "state.json", NAME).load(thorough=True)
    (defect,) = found.defects
    assert found.state is None
    assert defect.message == f"{NAME} cannot be read: not a directory"


ENTRY = {"status": "completed", "notes": "Größe 😀"}
FORMS = {
    "indented": json.dumps({"tasks": {"A": ENTRY}}, indent=2).encode(),
    "windows": json.dumps({"tasks": {"A": ENTRY}}, indent=2, ensure_ascii=False)
    .replace("\n", "\r\n")
    .encode(),
    "marked": BOM + json.dumps({"tasks": {"A": ENTRY}}).encode(),
}


@pytest.mark.parametrize("data", FORMS.values(), ids=FORMS)
def test_the_form_of_the_text_does_not_matter(read, data):
    found = read(data, thorough=True)
    assert found.state.tasks == {"A": msgspec.convert(ENTRY, TaskState)}
    assert len(found.defects) == data.startswith(BOM)


@pytest.mark.parametrize("beside", [b"pending", b"todo"], ids=["sound", "lenient"])
def test_repeated_keys_are_found_when_asked_for(read, beside):
    data = b'{"tasks": {"A": {"status": "completed"},\n"B": {"status": "%s"},\n"A": {"notes": "x"}}}' % beside
    thorough, quick = (read(data, thorough=each) for each in (True, False))
    assert thorough.state == quick.state
    assert thorough.state.tasks["A"] == TaskState(notes="x")
    repeated = [each for each in thorough.defects if each.damage is Damage.SCHEMA]
    assert [(each.message, each.location) for each in repeated] == [
        ("key 'A' stands twice in one object; only the last one is read", Location(NAME, 3, 1))
    ]
    assert not [each for each in quick.defects if each.damage is Damage.SCHEMA]
