"""What the manifest's reader makes of values that are written otherwise, and of entries that are wrong."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtm.graph.readiness import Readiness
from vtm.model.backlog import Backlog
from vtm.model.finding import Damage, Location
from vtm.model.state import State
from vtm.model.status import Status
from vtm.model.task import Criterion, Gaps, Manifest, Task
from vtm.sources.decoder import BOM
from vtm.sources.manifest import JsonManifest

NAME = "docs/tasks.json"
SEE = "`vtm schema virtual-task-manifest` shows what it may be"


@pytest.fixture
def read(tmp_path):
    """A reader of manifests that also sees to it that the file stays as it was."""

    def load(content, *, thorough=False):
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        path = tmp_path / "tasks.json"
        path.write_bytes(data)
        found = JsonManifest(path, NAME).load(thorough=thorough)
        assert path.read_bytes() == data
        assert [each.name for each in tmp_path.iterdir()] == ["tasks.json"]
        return found

    return load


def said(declared):
    """Damage, pointer and message of each defect."""
    return [(each.damage, each.location.pointer, each.message) for each in declared.defects]


LENIENT = {
    "risk-lower": ({"risk": "high"}, "risk", "High"),
    "risk-upper": ({"risk": "MEDIUM"}, "risk", "Medium"),
    "risk-spaces": ({"risk": " Low\t"}, "risk", "Low"),
    "size-lower": ({"est": {"size": "l", "hours": 2}}, "size", "L"),
    "phase-underscore": ({"phase": "phase_1"}, "phase", "Phase 1"),
    "phase-dash": ({"phase": "PHASE-2"}, "phase", "Phase 2"),
    "phase-together": ({"phase": "phase3"}, "phase", "Phase 3"),
    "phase-case": ({"phase": "phase 4"}, "phase", "Phase 4"),
    "slice-underscores": ({"slice": "slice_1_2"}, "slice", "Slice 1.2"),
    "slice-dots": ({"slice": "SLICE 1.2.3"}, "slice", "Slice 1.2.3"),
}


@pytest.mark.parametrize(("fields", "name", "value"), LENIENT.values(), ids=LENIENT)
def test_a_variant_is_read_as_the_value_it_means_and_that_is_said(read, fields, name, value):
    found = read({"tasks": [{"task_id": "A", **fields}]})
    assert getattr(found.manifest.tasks[0], name) == value
    (defect,) = found.defects
    key = ("est", "size") if name == "size" else (name,)
    written = fields["est"]["size"] if name == "size" else fields[name]
    assert (defect.damage, defect.task_id) == (Damage.LENIENT, "A")
    assert defect.message == f"{'.'.join(key)} {written!r} is read as {value!r}"
    assert defect.fix == f"write {value!r}"
    assert defect.location == Location(NAME, pointer=("tasks", 0, *key))


SILENT = {
    "canonical": {"risk": "High", "phase": "Phase 1", "slice": "Slice 1.1", "est": {"size": "S"}},
    "nothing-but-an-id": {},
    "unknown-keys": {"colour": "red", "est": {"hours": [1]}, "owner": None, "": {}},
    "other-phases": {"phase": "Discovery", "slice": "phase out"},
    "no-phase": {"phase": "", "slice": ""},
    "nulls": dict.fromkeys(
        name for name in Task.__struct_fields__ if name not in {"task_id", "declared_status"}
    ),
    "nulls-inside": {"est": {"size": None}, "acceptance_criteria": [{"id": "AC-1", "text": None}]},
    "status-of-another-format": {"declared_status": "completed", "status": "completed"},
    "wrong-status-of-another-format": {"declared_status": 3},
}


@pytest.mark.parametrize("fields", SILENT.values(), ids=SILENT)
def test_what_is_optional_or_unknown_is_read_silently(read, fields):
    found = read({"tasks": [{"task_id": "A", **fields}], "colour": None})
    assert not found.defects
    (task,) = found.manifest.tasks
    assert (task.task_id, task.declared_status) == ("A", None)
    assert [each.id for each in task.acceptance_criteria] == ["AC-1"] * (
        "acceptance_criteria" in fields and bool(fields["acceptance_criteria"])
    )


HEADS = {
    "ok-lower": ({"status": "ok"}, {"status": "OK"}, ["status 'ok' is read as 'OK'"]),
    "not-ok": ({"status": "DRAFT"}, {"status": "DRAFT"}, []),
    "naive": (
        {"timestamp": "2026-01-31T12:00:00"},
        {"timestamp": "2026-01-31T12:00:00Z"},
        ["timestamp '2026-01-31T12:00:00' is read as '2026-01-31T12:00:00Z'"],
    ),
    "nulls": (dict.fromkeys(("status", "timestamp", "manifest_hash", "gaps")), {}, []),
    "null-inside": ({"gaps": {"blocking": None, "open": None}}, {}, []),
    "garbage-time": ({"timestamp": "soon"}, {}, ["timestamp: 'soon' is not a 'date-time'"]),
    "wrong-hash": ({"manifest_hash": 7}, {}, ["manifest_hash: 7 is not of type 'string'"]),
    "wrong-status": (
        {"status": False},
        {"status": "false (unreadable)"},
        ["status: false is not of type 'string'"],
    ),
    "gaps-as-text": (
        {"gaps": "GAP::X"},
        {"gaps": {"blocking": ["GAP::X"]}},
        ["gaps: 'GAP::X' is not of type 'object'"],
    ),
    "gap-as-text": (
        {"gaps": {"blocking": "GAP::X"}},
        {"gaps": {"blocking": ["GAP::X"]}},
        ["gaps.blocking: 'GAP::X' is not of type 'array'"],
    ),
    "gap-as-object": (
        {"gaps": {"blocking": [{"code": "é"}]}},
        {"gaps": {"blocking": ['{"code": "é"} (unreadable)']}},
        ["gaps.blocking.0: {'code': 'é'} is not of type 'string'"],
    ),
    "several": (
        {"manifest_hash": [], "status": "Ok ", "timestamp": 0},
        {"status": "OK"},
        [
            "status 'Ok ' is read as 'OK'",
            "manifest_hash: [] is not of type 'string'",
            "timestamp: 0 is not of type 'string', 'null'",
        ],
    ),
}


@pytest.mark.parametrize(("head", "expected", "messages"), HEADS.values(), ids=HEADS)
def test_the_fields_beside_the_tasks_are_read_likewise(read, head, expected, messages):
    found = read({**head, "tasks": [{"task_id": "A"}]})
    assert found.manifest == msgspec.convert({**expected, "tasks": [{"task_id": "A"}]}, Manifest)
    assert [each.message for each in found.defects] == messages


@pytest.mark.parametrize("head", [{"status": {}}, {"gaps": 1}, {"gaps": {"blocking": [None]}}], ids=str)
def test_a_manifest_that_may_be_blocked_never_looks_free(read, head):
    manifest = read({**head, "tasks": []}).manifest
    assert manifest.status != "OK" or manifest.gaps != Gaps()


WRONG = {
    "no-id": ({}, None, [((), "'task_id' is a required property")]),
    "null-id": ({"task_id": None}, None, [((), "'task_id' is a required property")]),
    "number-as-id": ({"task_id": 1}, None, [(("task_id",), "task_id: 1 is not of type 'string'")]),
    "empty-id": ({"task_id": ""}, None, [(("task_id",), "task_id: '' is empty or holds control characters")]),
    "escape-in-id": (
        {"task_id": "A\x1b[31m"},
        None,
        [(("task_id",), "task_id: 'A\\x1b[31m' is empty or holds control characters")],
    ),
    "line-end-in-id": (
        {"task_id": "A\n"},
        None,
        [(("task_id",), "task_id: 'A\\n' is empty or holds control characters")],
    ),
    "number": (3, None, [((), "3 is not of type 'object'")]),
    "null": (None, None, [((), "null is not of type 'object'")]),
    "true": (True, None, [((), "true is not of type 'object'")]),
    "list": (["A"], None, [((), "['A'] is not of type 'object'")]),
    "risk": (
        {"task_id": "B", "risk": "Extreme"},
        Task("B"),
        [(("risk",), "risk: 'Extreme' is not one of ['High', 'Medium', 'Low']")],
    ),
    "size": (
        {"task_id": "B", "est": {"size": "XL"}},
        Task("B"),
        [(("est", "size"), "est.size: 'XL' is not one of ['S', 'M', 'L']")],
    ),
    "flag": (
        {"task_id": "B", "provisional": "yes"},
        Task("B", provisional=True),
        [(("provisional",), "provisional: 'yes' is not of type 'boolean'")],
    ),
    "criteria": (
        {"task_id": "B", "acceptance_criteria": [{"id": "1"}, 5, {"id": "2", "text": 7}, {"text": "x"}]},
        Task(
            "B",
            acceptance_criteria=tuple(map(Criterion, ["1", "5", '{"id": "2", "text": 7}', '{"text": "x"}'])),
        ),
        [
            (("acceptance_criteria", 1), "acceptance_criteria.1: 5 is not of type 'object'"),
            (("acceptance_criteria", 2, "text"), "acceptance_criteria.2.text: 7 is not of type 'string'"),
            (("acceptance_criteria", 3), "acceptance_criteria.3: 'id' is a required property"),
        ],
    ),
    "several": (
        {"task_id": "B", "title": None, "description": 1, "related_specs": "a.md", "risk": "low"},
        Task("B", risk="Low"),
        [
            (("description",), "description: 1 is not of type 'string'"),
            (("related_specs",), "related_specs: 'a.md' is not of type 'array'"),
            (("risk",), "risk 'low' is read as 'Low'"),
        ],
    ),
    "deep": (
        {"task_id": "B", "title": json.loads("[" * 700 + "]" * 700)},
        Task("B"),
        [(("title",), "title: [[[[[[[[[[['…']]]]]]]]]]] is not of type 'string'")],
    ),
    "long": (
        {"task_id": "B", "title": ["x" * 999]},
        Task("B"),
        [(("title",), "title: ['" + "x" * 230 + "…")],
    ),
}


@pytest.mark.parametrize(("entry", "task", "reasons"), WRONG.values(), ids=WRONG)
def test_a_wrong_entry_is_reported_in_full_and_hides_no_other(read, entry, task, reasons):
    found = read({"tasks": [{"task_id": "A"}, entry, {"task_id": "Z"}]})
    assert [each.task_id for each in found.manifest.tasks] == ["A", *([task.task_id] if task else []), "Z"]
    if task:
        assert found.manifest.tasks[1] == task
    assert [(each.location.pointer[2:], each.message) for each in found.defects] == reasons
    assert all(
        each.location.path == NAME and each.location.pointer[:2] == ("tasks", 1) for each in found.defects
    )
    assert {each.task_id for each in found.defects} == {task.task_id if task else ""}
    assert {each.fix for each in found.defects if each.damage is Damage.SCHEMA} == {SEE}
    kept = [0, 1, 2] if task else [0, 2]
    assert [each.pointer for each in found.origins] == [("tasks", index) for index in kept]


DEPENDENCIES = {
    "text": ("A", ("A",)),
    "object": ({"A": True}, ('{"A": true} (unreadable)',)),
    "number-like-an-id": (1, ("1 (unreadable)",)),
    "some": (["A", 5, None, ["1"]], ("A", "5 (unreadable)", "null (unreadable)", '["1"] (unreadable)')),
    "long": ([["x" * 99]], ('["' + "x" * 57 + "… (unreadable)",)),
    "false": (False, ("false (unreadable)",)),
}


@pytest.mark.parametrize(("written", "read_as"), DEPENDENCIES.values(), ids=DEPENDENCIES)
def test_a_dependency_that_cannot_be_read_is_kept_and_reported(read, written, read_as):
    found = read({"tasks": [{"task_id": "A"}, {"task_id": "B", "depends_on_tasks": written}]})
    assert found.manifest.tasks[1].depends_on_tasks == read_as
    assert {each.damage for each in found.defects} == {Damage.SCHEMA}


NOT_TEXT = st.recursive(
    st.integers() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.just({}),
    lambda inner: st.lists(inner, min_size=1) | st.dictionaries(st.text(), inner),
    max_leaves=4,
)


@given(
    st.lists(st.just("A") | NOT_TEXT | st.none(), min_size=1).filter(
        lambda found: found != ["A"] * len(found)
    )
    | NOT_TEXT
)
def test_an_unreadable_dependency_is_never_met(tmp_path_factory, written):
    path = tmp_path_factory.mktemp("manifest") / "tasks.json"
    ids = ["A", "1", "0", "true", "null", "{}", "[]", "1.0"]
    tasks = [*({"task_id": each} for each in ids), {"task_id": "B", "depends_on_tasks": written}]
    path.write_text(json.dumps({"tasks": tasks}), "utf-8")
    found = JsonManifest(path, NAME).load(thorough=False)
    done = msgspec.convert({"tasks": {each: {"status": Status.COMPLETED.value} for each in ids}}, State)
    eligible = Readiness(Backlog(found.manifest, done)).eligible
    assert "B" not in {task.task_id for task in eligible}
    assert any(each.task_id == "B" and each.damage is Damage.SCHEMA for each in found.defects)


WHOLE = {
    "a-list": (b'[{"task_id": "A"}]', 1, 1),
    "a-number": (b"\n 7", 2, 2),
    "null": (b"null", 1, 1),
    "no-tasks": (b'{"status": "OK"}', 1, 1),
    "tasks-are-null": (b'{"status": "OK",\n  "tasks": null}', 2, 3),
    "tasks-are-an-object": (b'{\n"tasks": {}}', 2, 1),
    "marked": (BOM + b'{"tasks": 1}', 1, 2),
}


@pytest.mark.parametrize(("data", "line", "column"), WHOLE.values(), ids=WHOLE)
@pytest.mark.parametrize("thorough", [True, False], ids=["thorough", "quick"])
def test_a_document_without_a_list_of_tasks_is_refused_as_a_whole(read, data, line, column, thorough):
    found = read(data, thorough=thorough)
    (defect,) = found.defects
    assert (found.manifest, found.missing) == (None, False)
    assert defect.message == f"{NAME} is not an object with a list `tasks`"
    assert (defect.damage, defect.location) == (Damage.SCHEMA, Location(NAME, line, column))
    assert defect.fix == 'write {"tasks": [...]}'


def test_bytes_that_are_not_json_are_refused_as_a_whole(read):
    found = read(b'{"tasks": [\n{"task_id": "A",}]}')
    (defect,) = found.defects
    assert (found.manifest, defect.damage) == (None, Damage.UNREADABLE)
    assert defect.message == f"{NAME} is not JSON: trailing comma in object"
    assert defect.location == Location(NAME, 2, 17)


def test_a_manifest_that_is_missing_is_no_defect(tmp_path):
    found = JsonManifest(tmp_path / "none.json", NAME).load(thorough=True)
    assert (found.manifest, found.missing, list(found.defects)) == (None, True, [])
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_its_place_is_a_defect(tmp_path):
    found = JsonManifest(tmp_path, NAME).load(thorough=True)
    (defect,) = found.defects
    assert (found.manifest, found.missing) == (None, False)
    assert defect.message == f"{NAME} is a directory"


TASK = {"task_id": "A--T01", "title": "Größe", "risk": "High"}
FORMS = {
    "indented": json.dumps({"tasks": [TASK]}, indent=2).encode(),
    "one-line": json.dumps({"tasks": [TASK]}, ensure_ascii=False).encode(),
    "windows": json.dumps({"tasks": [TASK]}, indent=2).replace("\n", "\r\n").encode(),
    "marked": BOM + json.dumps({"tasks": [TASK]}).encode(),
    "escaped-keys": rb'{"\u0074asks":[{"task_id":"A--T01","title": "Gr\u00f6\u00dfe", "ri\u0073k":"High"}]}',
}


@pytest.mark.parametrize("data", FORMS.values(), ids=FORMS)
def test_the_form_of_the_text_does_not_matter(read, data):
    found = read(data, thorough=True)
    assert found.manifest.tasks == (msgspec.convert(TASK, Task),)
    marks = [f"{NAME} starts with a byte order mark, which is passed over"] if data.startswith(BOM) else []
    assert [each.message for each in found.defects] == marks
    assert all(
        (each.damage, each.location) == (Damage.LENIENT, Location(NAME, 1, 1)) for each in found.defects
    )


TWICE = b'{"tasks": [{"task_id": "A",\n  "risk": "Low", "risk": "%s"}],\n "x": {"y": 1, "y": 2}}'


@pytest.mark.parametrize("risk", [b"High", b"high"], ids=["sound", "lenient"])
def test_repeated_keys_are_found_when_asked_for(read, risk):
    thorough, quick = (read(TWICE % risk, thorough=each) for each in (True, False))
    assert thorough.manifest == quick.manifest
    assert thorough.manifest.tasks[0].risk == "High"
    repeated = [each for each in thorough.defects if each.damage is Damage.SCHEMA]
    assert [(each.message, each.location) for each in repeated] == [
        ("key 'risk' stands twice in one object; only the last one is read", Location(NAME, 2, 18)),
        ("key 'y' stands twice in one object; only the last one is read", Location(NAME, 3, 16)),
    ]
    assert not [each for each in quick.defects if each.damage is Damage.SCHEMA]


def test_duplicate_ids_are_all_read(read):
    assert [
        task.title
        for task in read({"tasks": [{"task_id": "A", "title": each} for each in "xyz"]}).manifest.tasks
    ] == ["x", "y", "z"]


@pytest.mark.parametrize("number", [b"1e999", b"9" * 5000], ids=["exponent", "digits"])
def test_a_number_beyond_all_bounds_harms_only_its_own_entry(read, number):
    found = read(
        b'{"tasks": [{"task_id": "A", "title": ' + number + b'}, {"task_id": "B", "x": ' + number + b"}]}"
    )
    assert found.manifest.tasks == (Task("A"), Task("B"))
    (defect,) = found.defects
    assert (defect.location.pointer, defect.message) == (
        ("tasks", 0, "title"),
        "title: 1e+308 is not of type 'string'",
    )
