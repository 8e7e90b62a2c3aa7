"""`vtm ingest`: what it adds, what it refuses and where that is, and that nothing is ever half written."""

import errno
import io
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.checkout import ROOT
from tests.cli.test_commands import checked
from tests.fuzz.test_fuzz import JUNK, bytes_of_any_kind
from tests.projects import HOSTILE, MANIFEST, SPEC, STATE, put, task, write
from tests.repositories import repository, vtm
from tests.shared_data import shared_data
from vtm.app import ingesting
from vtm.discovery import find_project, runtime_folder
from vtm.stores.lock import locked

NOW = "2026-03-10T12:00:00Z"
TASKS = [task("A--T01"), task("A--T06", needs=["A--T01"]), task("B--T1")]
FILES = (MANIFEST, STATE)


def proposal(**more):
    """A proposal that nobody complains of, and that has no ids."""
    entry = task("A--T01", "New", acceptance_criteria=["It works"]) | more
    return {key: value for key, value in entry.items() if key != "task_id" or key in more}


def canonical(tasks):
    return sha256(json.dumps(tasks, indent=2, ensure_ascii=False).encode()).hexdigest()


def project(folder, *, tasks=TASKS, state=None, manifest=None, **state_file):
    return write(folder / "shop", tasks, state or {}, manifest, state_file)


@pytest.fixture
def shop(tmp_path):
    return project(tmp_path, manifest_hash=canonical(TASKS))


def ingest(root, proposals, *arguments):
    text = proposals if isinstance(proposals, str) else json.dumps(proposals, indent=1)
    (root / "new.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    return vtm(root, "ingest", str(root / "new.json"), "--json", "--now", NOW, *arguments)


def apply(root, proposals):
    answer = ingest(root, proposals, "--apply")
    assert answer.code == 0, answer
    return answer.json


def files(root):
    return {name: (root / name).read_bytes() for name in FILES if (root / name).exists()}


def declared(root):
    return json.loads((root / MANIFEST).read_text("utf-8-sig"))


def recorded_hash(root):
    return json.loads((root / STATE).read_text("utf-8")).get("manifest_hash")


def left_over(root):
    return [path.name for path in root.rglob("*") if path.name.endswith(".tmp")]


def test_a_preview_shows_the_tasks_and_writes_nothing(shop):
    before = files(shop)
    answer = ingest(
        shop, [proposal(depends_on_tasks=[1, "A--T01"]), proposal(capability_id="B", risk="High")]
    )
    assert (answer.code, answer.err) == (0, "")
    assert (answer.json["ok"], answer.json["applied"], answer.json["transaction"]) == (True, False, "")
    first, second = answer.json["tasks"]
    assert (first["task_id"], first["depends_on_tasks"]) == ("A--T07", ["B--T2", "A--T01"])
    assert first["acceptance_criteria"] == [{"id": "A--T07-AC01", "text": "It works"}]
    assert (second["task_id"], second["position"], second["risk"]) == ("B--T2", 1, "High")
    assert files(shop) == before
    assert ingest(shop, [proposal()], "--dry-run").json["applied"] is False
    assert not (shop / ".vtm").exists()


def test_apply_writes_tasks_record_and_hashes(shop):
    before = (shop / MANIFEST).read_text("utf-8")
    answer = apply(shop, [proposal(depends_on_tasks=[1]), proposal()])
    after = (shop / MANIFEST).read_text("utf-8")
    document = declared(shop)
    assert [each["task_id"] for each in document["tasks"][3:]] == ["A--T07", "A--T08"]
    assert document["tasks"][:3] == TASKS
    assert document["ingested"] == [
        {
            "id": answer["transaction"],
            "at": NOW,
            "tasks": ["A--T07", "A--T08"],
            "previous_hash": canonical(TASKS),
        }
    ]
    assert "manifest_hash" not in document
    assert answer["manifest_hash"] == recorded_hash(shop) == canonical(document["tasks"])
    assert answer["files"] == [MANIFEST, STATE]
    assert after.startswith(before[: before.rindex("}\n  ]")])
    assert vtm(shop, "validate", "--now", NOW).code == 0
    assert left_over(shop) == []


def test_text(shop):
    put(shop, "new.json", json.dumps([proposal(title=HOSTILE, depends_on_tasks=["A--T01"])]))
    out = vtm(shop, "-C", str(shop), "ingest", str(shop / "new.json")).out
    assert "\n    depends on A--T01\n    A--T07-AC01  It works\n" in out
    assert out.endswith("0 new errors, 0 new warnings\nNothing was written; --apply adds 1 task.\n")
    assert "\x1b" not in out
    out = vtm(shop, "ingest", str(shop / "new.json"), "--apply").out
    name = declared(shop)["ingested"][0]["id"]
    assert out.endswith(f"Added 1 task as {name}.\n`vtm ingest --rollback {name}` takes that back.\n")
    out = vtm(shop, "ingest", "--rollback", name).out
    assert out.startswith("- A--T07\nNothing was written; --apply takes out 1 task, added 20")
    assert vtm(shop, "ingest", "--rollback", name, "--apply").out == (
        f"- A--T07\nTook 1 task of {name} out again.\n"
    )
    put(shop, "new.json", json.dumps([{"capability_id": "A"}]))
    assert vtm(shop, "ingest", str(shop / "new.json")).out.endswith("Refused: nothing was written.\n")


STYLES = {  # ids of criteria that are there, to that of the new one
    "none": (None, "A--T02--AC01"),
    "one-dash": (["A--T01-AC01"], "A--T02-AC01"),
    "two-dashes": (["A--T01--AC1", "A--T01--AC2"], "A--T02--AC01"),
    "capability": (["A-AC007", "A-AC03"], "A-AC008"),
    "majority": (["A-AC01", "A--T01-AC01", "A--T01-AC02"], "A--T02-AC01"),
    "of-its-own": (["one", "two"], "A--T02--AC01"),
}


@pytest.mark.parametrize(("there", "new"), STYLES.values(), ids=STYLES)
def test_criteria_are_named_as_the_others_are(there, new, tmp_path):
    criteria = [{"id": each, "text": each} for each in there or ()]
    root = project(tmp_path, tasks=[task("A--T01", acceptance_criteria=criteria)])
    (added,) = ingest(root, [proposal()]).json["tasks"]
    assert [each["id"] for each in added["acceptance_criteria"]] == [new]


def test_criteria_with_and_without_id(shop):
    criteria = ["one", {"id": "A--T07-AC02", "text": "two"}, {"text": "three"}, {"id": "mine"}, {"id": None}]
    (added,) = ingest(shop, [proposal(acceptance_criteria=criteria)]).json["tasks"]
    ids = [each["id"] for each in added["acceptance_criteria"]]
    assert ids == ["A--T07-AC03", "A--T07-AC02", "A--T07-AC04", "mine", "A--T07-AC05"]


NUMBERS = {  # ids that are there, to the next of the capability A
    "first": ([], "A--T01"),
    "next": (["A--T01", "A--T06"], "A--T07"),
    "wider": (["A--T099"], "A--T100"),
    "width": (["A--T9"], "A--T10"),
    "three": (["A--T001"], "A--T002"),
    "gap": (["A--T09", "A--T02"], "A--T10"),
    "others": (["AA--T05", "A--X07", "A--T03b"], "A--T01"),
    "long": (["A--T" + "9" * 5000], "A--T01"),
}


@pytest.mark.parametrize(("there", "new"), NUMBERS.values(), ids=NUMBERS)
def test_tasks_are_numbered_on(there, new, tmp_path):
    root = project(tmp_path, tasks=[task(each, capability_id="A") for each in there])
    assert [each["task_id"] for each in ingest(root, [proposal()]).json["tasks"]] == [new]


def test_a_number_is_not_given_twice(tmp_path):
    root = project(tmp_path, tasks=[task("A--T01")], state={"A--T04": {"status": "completed"}})
    proposals = [proposal(), proposal(task_id="A--T06"), proposal()]
    assert [each["task_id"] for each in ingest(root, proposals).json["tasks"]] == [
        "A--T07",
        "A--T06",
        "A--T08",
    ]


def test_a_new_capability_is_said(shop):
    answer = ingest(shop, [proposal(capability_id="C")])
    assert (answer.code, answer.json["tasks"][0]["task_id"]) == (0, "C--T01")
    (warning,) = answer.json["findings"]
    assert (warning["code"], warning["severity"]) == ("WARN::LENIENT-VALUE::C--T01", "warning")
    assert (warning["location"]["path"], warning["location"]["line"]) == (str(shop / "new.json"), 3)


def test_values_are_written_as_they_are_read(shop):
    answer = apply(
        shop, {"tasks": [proposal(risk="high", phase="phase_1", extra={"a": [1.5]}, gap_codes=None)]}
    )
    added = declared(shop)["tasks"][-1]
    assert (added["risk"], added["phase"], added["extra"]) == ("High", "Phase 1", {"a": [1.5]})
    assert "gap_codes" not in added
    assert {each["code"] for each in answer["findings"]} == {"WARN::LENIENT-VALUE::A--T07"}
    assert "LENIENT" not in vtm(shop, "validate", "--json").out


REFUSED = {  # fields of the second proposal, to the code of the error and what stands where it points to
    "unknown-dependency": (
        {"depends_on_tasks": ["A--T01", "Z--T01"]},
        "GAP::DANGLING-DEPENDENCY",
        '"Z--T01"]',
    ),
    "wrong-position": ({"depends_on_tasks": [0, 2]}, "GAP::DANGLING-DEPENDENCY", "2]"),
    "negative-position": ({"depends_on_tasks": [-1]}, "GAP::DANGLING-DEPENDENCY", "-1]"),
    "huge-position": ({"depends_on_tasks": [10**300]}, "GAP::DANGLING-DEPENDENCY", "1000"),
    "position-as-text": ({"depends_on_tasks": ["0"]}, "GAP::DANGLING-DEPENDENCY", '"0"]'),
    "true": ({"depends_on_tasks": [True]}, "GAP::SCHEMA", "true]"),
    "half": ({"depends_on_tasks": [7, 0.5]}, "GAP::SCHEMA", "0.5]"),
    "dependencies-are-text": ({"depends_on_tasks": "A--T01"}, "GAP::SCHEMA", '"depends_on_tasks"'),
    "itself": ({"depends_on_tasks": [1]}, "GAP::SELF-DEPENDENCY", "1]"),
    "known-id": ({"task_id": "A--T01"}, "GAP::DUPLICATE-TASK-ID", '"task_id"'),
    "twice": ({"task_id": "X--T01"}, "GAP::DUPLICATE-TASK-ID", '"task_id"'),
    "id-of-another-kind": ({"task_id": 7}, "GAP::SCHEMA", '"task_id"'),
    "empty-id": ({"task_id": ""}, "GAP::SCHEMA", '"task_id"'),
    "hostile-id": ({"task_id": "\x1b[31m"}, "GAP::SCHEMA", '"task_id"'),
    "no-capability": ({"capability_id": None}, "GAP::SCHEMA", "{"),
    "empty-capability": ({"capability_id": ""}, "GAP::SCHEMA", '"capability_id"'),
    "capability-of-another-kind": ({"capability_id": ["A"]}, "GAP::SCHEMA", '"capability_id"'),
    "hostile-capability": ({"capability_id": "\x9b"}, "GAP::SCHEMA", "{"),
    "wrong-risk": ({"risk": "Huge"}, "GAP::SCHEMA", '"risk"'),
    "wrong-size": ({"est": {"size": "XXL"}}, "GAP::SCHEMA", '"size"'),
    "criteria-are-text": ({"acceptance_criteria": "x"}, "GAP::SCHEMA", '"acceptance_criteria"'),
    "wrong-criterion": ({"acceptance_criteria": ["x", 7]}, "GAP::SCHEMA", "7]"),
    "control-character": ({"acceptance_criteria": [{"text": "x", "id": "\x07"}]}, "GAP::SCHEMA", '"id"'),
    "no-criteria": ({"acceptance_criteria": []}, "BLOCKED::EMPTY-AC::A--T07", '"acceptance_criteria"'),
    "no-specs": ({"related_specs": []}, "GAP::NO-SPECS::A--T07", '"related_specs"'),
    "no-such-spec": ({"related_specs": ["no.md"]}, "BLOCKED::MISSING-CONTEXT::A--T07", '"no.md"'),
    "no-tests": (
        {"test_verification": [], "risk": "High"},
        "BLOCKED::SPEC-REF-GAP::A--T07",
        '"test_verification"',
    ),
}


@pytest.mark.parametrize("form", ["list", "object"])
@pytest.mark.parametrize(("fields", "code", "there"), REFUSED.values(), ids=REFUSED)
def test_what_is_wrong_is_refused_where_it_stands(fields, code, there, form, shop):
    before = files(shop)
    lines = ["[", json.dumps(proposal(task_id="X--T01")) + ",", json.dumps(proposal(**fields)), "]"]
    if form == "object":
        lines = ['{"é": "é", "tasks": [', *lines[1:], "}"]
    answer = ingest(shop, "\n".join(lines), "--apply")
    assert answer.code == 1, answer
    errors = [each for each in answer.json["findings"] if each["severity"] == "error"]
    found = next(each for each in errors if each["code"] == code and each["location"]["line"] == 3)
    assert lines[2][found["location"]["column"] - 1 :].startswith(there), found
    assert {each["location"]["path"] for each in errors} == {str(shop / "new.json")}
    assert (answer.json["ok"], answer.json["applied"], answer.json["files"]) == (False, False, [])
    assert files(shop) == before


def test_all_flaws_are_told_at_once(shop):
    answer = ingest(shop, [7, {}, None, [], proposal()])
    assert [each["message"] for each in answer.json["findings"]] == [
        *("proposal 0 is not an object", "proposal 2 is not an object", "proposal 3 is not an object"),
    ]
    answer = ingest(shop, [{}, proposal(task_id="A--T01", est="M"), proposal(depends_on_tasks=[9, 0])])
    assert sorted(each["code"] for each in answer.json["findings"]) == [
        *("GAP::DANGLING-DEPENDENCY", "GAP::DUPLICATE-TASK-ID", "GAP::SCHEMA", "GAP::SCHEMA"),
    ]


def test_a_cycle_among_proposals_is_refused(shop):
    answer = ingest(shop, [proposal(depends_on_tasks=[1]), proposal(depends_on_tasks=[0])])
    assert answer.code == 1
    assert [each["code"] for each in answer.json["findings"]] == ["GAP::TASK-DEP-CYCLE"]


def test_errors_that_were_there_do_not_matter(tmp_path):
    broken = [task("A--T01", related_specs=["no.md"]), task("A--T02", needs=["Z"]), {"task_id": 7}]
    root = project(tmp_path, tasks=broken)
    assert vtm(root, "validate").code == 1
    answer = apply(root, [proposal()])
    assert answer["findings"] == []
    assert declared(root)["tasks"][:3] == broken
    assert ingest(root, [proposal(related_specs=["no.md"])]).code == 1


def test_an_error_among_entries_that_cannot_be_read_is_still_found_at_its_line(tmp_path):
    root = project(tmp_path, tasks=[{"no": "id"}, task("A--T01"), 7])
    answer = ingest(root, [proposal(), proposal(depends_on_tasks=["Z"])])
    (error,) = answer.json["findings"]
    assert error["location"]["path"] == str(root / "new.json")
    assert error["location"]["pointer"] == [1, "depends_on_tasks", 0]


def test_settings_weigh_findings(shop):
    put(shop, "vtm.toml", '[rules]\nseverity."WARN::PARALLEL-METADATA-MISSING" = "error"\n')
    assert ingest(shop, [proposal(parallel=None)]).code == 1
    put(shop, "vtm.toml", '[rules]\nignore = ["GAP", "BLOCKED"]\n')
    assert ingest(shop, [proposal(depends_on_tasks=["Z"])]).code == 0
    assert ingest(shop, [proposal(task_id="A--T01")]).code == 1


INPUTS = {  # text, to exit code, line and column, and a part of the message
    "empty": ("", 3, (1, 1), "is empty"),
    "blank": (" \n", 3, (1, 1), "is empty"),
    "not-json": ("[\n  x]", 3, (2, 3), "is not JSON"),
    "cut": ('[{"a": 1}', 3, (1, 10), "ends in the middle"),
    "text": ('\n "x"', 3, (1, 1), "is not a list of tasks"),
    "no-tasks": ('{"a": 1}', 3, (1, 1), "is not a list of tasks"),
    "one-task": ('{"task_id": "A--T07"}', 3, (1, 1), "is not a list of tasks"),
    "no-proposals": ("[]", 2, (0, 0), "proposes no task"),
    "no-proposals-in-object": ('{"tasks": []}', 2, (0, 0), "proposes no task"),
    "key-twice": ('[{"task_id": "X",\n "task_id": "Y"}]', 3, (2, 2), "stands twice"),
    "huge-number": ('[{"a": "9e999",\n "b": 9e999}]', 3, (2, 7), "number that is too large"),
    "huge-integer": (
        '[{"depends_on_tasks": [1,\n %s]}]' % ("9" * 5000),
        3,
        (2, 2),
        "number that is too large",
    ),
    "deep": ("[" * 300 + "]" * 300, 3, (1, 201), "nested too deeply"),
    "very-deep": ("[" * 5000 + "]" * 5000, 3, (1, 201), "nested too deeply"),
    "half-a-character": ('["\\ud800"]', 3, (1, 3), "half of a surrogate pair"),
    "not-utf-8": ('["\udcff"]', 3, (1, 3), "is not valid UTF-8"),
    "conflict": ("[\n<<<<<<< a\n", 3, (2, 1), "conflict markers"),
}


@pytest.mark.parametrize(("text", "code", "place", "message"), INPUTS.values(), ids=INPUTS)
def test_input_that_proposes_nothing(text, code, place, message, shop):
    before = files(shop)
    (shop / "new.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    answer = vtm(shop, "ingest", str(shop / "new.json"), "--json", "--apply")
    assert (answer.code, answer.err) == (code, "")
    assert message in answer.json["message"]
    assert answer.json["location"]["path"] == str(shop / "new.json")
    assert (answer.json["location"].get("line", 0), answer.json["location"].get("column", 0)) == place
    assert answer.json["fix"]
    assert files(shop) == before


def test_input_that_is_no_file(shop):
    for name, message in (("no.json", "does not exist"), (".", "is a directory"), ("a\0b", "cannot be")):
        answer = vtm(shop, "ingest", name, "--json")
        assert (answer.code, answer.err) == (3, "")
        assert message in answer.json["message"]


@pytest.mark.parametrize("arguments", [[], ["new.json", "--rollback", "x"]])
def test_a_file_or_a_transaction(arguments, shop):
    answer = vtm(shop, "ingest", *arguments, "--json")
    assert (answer.code, answer.json["exit"]) == (2, 2)


def test_standard_input(shop, monkeypatch):
    monkeypatch.setattr(
        sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbf" + json.dumps([{}]).encode()))
    )
    answer = vtm(shop, "ingest", "-", "--json")
    assert answer.code == 1
    assert answer.json["findings"][0]["location"] == {
        "path": "<stdin>",
        "line": 1,
        "column": 2,
        "pointer": [0],
    }
    monkeypatch.setattr(sys, "stdin", None)
    assert vtm(shop, "ingest", "-").code == 3


def test_standard_input_of_a_process(shop):
    command = [sys.executable, "-m", "vtm", "-C", str(shop), "ingest", "-", "--apply", "--json"]
    text = json.dumps([proposal(title="é")], ensure_ascii=False).encode()
    options = {"env": os.environ | {"PYTHONPATH": str(ROOT), "LC_ALL": "C"}, "capture_output": True}
    done = subprocess.run(command, check=False, input=text, **options)
    assert (done.returncode, done.stderr) == (0, b"")
    assert declared(shop)["tasks"][-1]["title"] == "é"


NO_BACKLOG = {
    "missing": (None, None, "BLOCKED::MANIFEST-MISSING"),
    "cut": ('{"tasks": [', None, "GAP::UNREADABLE"),
    "list": ("[]", None, "GAP::SCHEMA"),
    "key-twice": ('{"tasks": [], "tasks": []}', None, "GAP::SCHEMA"),
    "state": ('{"tasks": []}', "[]", "GAP::SCHEMA"),
    "ingested": ('{"tasks": [], "ingested": {"a": 1}}', None, None),
}


@pytest.mark.parametrize("arguments", [["new.json"], ["new.json", "--apply"], ["--rollback", "x", "--apply"]])
@pytest.mark.parametrize(("manifest", "state", "code"), NO_BACKLOG.values(), ids=NO_BACKLOG)
def test_a_backlog_that_cannot_be_edited(manifest, state, code, arguments, tmp_path):
    for name, text in (
        (MANIFEST, manifest),
        (STATE, state),
        (SPEC, ""),
        ("new.json", json.dumps([proposal()])),
    ):
        if text is not None:
            put(tmp_path, name, text)
    before = files(tmp_path)
    named = [str(tmp_path / each) if each == "new.json" else each for each in arguments]
    answer = vtm(tmp_path, "ingest", *named, "--json")
    if code or "x" in arguments:
        assert (answer.code, answer.json["code"]) == (3, code or "GAP::SCHEMA")
        assert files(tmp_path) == before


HASHES = {  # hash in the manifest, in the state; whether each follows
    "none": (None, None, False, False),
    "state": (None, canonical(TASKS), False, True),
    "prefix": (None, "sha256:" + canonical(TASKS)[:11], False, True),
    "both": (canonical(TASKS), canonical(TASKS), True, True),
    "declared": ("sha256:3f29fb40d4f", "3f29fb40d4f", True, True),
    "drifted": (canonical(TASKS), "0" * 64, True, False),
    "placeholders": ("PLACEHOLDER", "PLACEHOLDER", False, False),
    "only-manifest": (canonical(TASKS), "PLACEHOLDER", True, False),
}


@pytest.mark.parametrize(("manifest", "state", "first", "second"), HASHES.values(), ids=HASHES)
def test_hashes_follow_where_they_were_right(manifest, state, first, second, tmp_path):
    head = {} if manifest is None else {"manifest_hash": manifest}
    recorded = {"manifest_hash": "" if state is None else state, "x": 1.50}
    root = project(tmp_path, manifest=head, **recorded)
    drift = "WARN::MANIFEST-HASH-MISMATCH"
    before = drift in vtm(root, "validate", "--json").out
    answer = apply(root, [proposal()])
    assert declared(root).get("manifest_hash") == (answer["manifest_hash"] if first else manifest)
    assert recorded_hash(root) == (answer["manifest_hash"] if second else recorded["manifest_hash"])
    assert (drift in vtm(root, "validate", "--json").out) == before
    back = vtm(root, "ingest", "--rollback", answer["transaction"], "--apply", "--json").json
    assert declared(root).get("manifest_hash") == (canonical(TASKS) if first else manifest)
    assert recorded_hash(root) == (canonical(TASKS) if second else recorded["manifest_hash"])
    assert back["manifest_hash"] == canonical(TASKS)


def test_a_state_file_that_is_missing_stays_so(tmp_path):
    root = write(tmp_path / "shop", TASKS)
    assert apply(root, [proposal()])["files"] == [MANIFEST]
    assert not (root / STATE).exists()


def test_only_the_hash_of_the_state_changes(shop):
    before = b'\xef\xbb\xbf{"x":1e5,\r\n "manifest_hash" :"HASH" , "tasks":{"A--T01":{"status":"done"}}}'
    (shop / STATE).write_bytes(before.replace(b"HASH", canonical(TASKS).encode()))
    answer = apply(shop, [proposal()])
    assert (shop / STATE).read_bytes() == before.replace(b"HASH", answer["manifest_hash"].encode())


KEYS = st.sampled_from([*TASKS[0], "declared_status", "gap_codes", "provisional", "x"])


@given(st.lists(st.dictionaries(KEYS, JUNK, max_size=4) | JUNK, max_size=3) | JUNK)
@settings(max_examples=80, suppress_health_check=list(HealthCheck))
def test_whatever_is_proposed_is_added_whole_or_refused(tmp_path_factory, proposals):
    root = tmp_path_factory.getbasetemp() / "any"
    project(root.parent / "any")
    before = files(root / "shop")
    answer = ingest(
        root / "shop",
        [proposal(**each) if isinstance(each, dict) else each for each in proposals]
        if isinstance(proposals, list)
        else proposals,
        "--apply",
    )
    assert answer.code in {0, 1, 2, 3}, answer
    checked(answer)
    if answer.code:
        assert files(root / "shop") == before
    else:
        assert "GAP::SCHEMA" not in vtm(root / "shop", "validate").out


@given(bytes_of_any_kind())
@settings(max_examples=80, suppress_health_check=list(HealthCheck))
def test_whatever_the_input_is_it_is_answered(tmp_path_factory, data):
    root = project(tmp_path_factory.getbasetemp() / "bytes")
    (root / "new.json").write_bytes(data)
    answer = vtm(root, "ingest", str(root / "new.json"), "--json")
    assert answer.code in {0, 1, 2, 3}, answer
    checked(answer)


# --- taking it back


def rollback(root, name, *arguments):
    return vtm(root, "ingest", "--rollback", name, "--json", "--now", NOW, *arguments)


def test_rollback_leaves_no_trace(shop):
    before = files(shop)
    name = apply(shop, [proposal(depends_on_tasks=[1]), proposal()])["transaction"]
    after = files(shop)
    answer = rollback(shop, name)
    assert (answer.code, answer.json["applied"], answer.json["files"]) == (0, False, [])
    assert (answer.json["tasks"], answer.json["gone"]) == (["A--T07", "A--T08"], [])
    assert (answer.json["rolled_back"], answer.json["at"]) == (name, NOW)
    assert files(shop) == after
    answer = rollback(shop, name, "--apply")
    assert (answer.code, answer.json["applied"], answer.json["files"]) == (0, True, list(FILES))
    assert files(shop) == before
    assert rollback(shop, name).code == 2


def test_one_transaction_of_several(shop):
    first = apply(shop, [proposal()])["transaction"]
    later = apply(shop, [proposal()])["transaction"]
    assert first != later
    answer = rollback(shop, "ingest-0")
    assert (answer.code, answer.json["code"]) == (2, "UNKNOWN-TRANSACTION")
    assert first in answer.json["fix"]
    assert later in answer.json["fix"]
    assert rollback(shop, first, "--apply").code == 0
    assert [each["id"] for each in declared(shop)["ingested"]] == [later]
    assert [each["task_id"] for each in declared(shop)["tasks"]] == ["A--T01", "A--T06", "B--T1", "A--T08"]


def test_rollback_while_something_depends_on_it(shop):
    first = apply(shop, [proposal()])["transaction"]
    later = apply(shop, [proposal(depends_on_tasks=["A--T07"])])["transaction"]
    before = files(shop)
    answer = rollback(shop, first, "--apply")
    assert (answer.code, answer.json["code"]) == (4, "HAS-FOLLOWERS")
    assert "A--T08 depends on A--T07" in answer.json["message"]
    assert files(shop) == before
    assert rollback(shop, later, "--apply").code == 0
    assert rollback(shop, first, "--apply").code == 0


@pytest.mark.parametrize("status", ["in-progress", "blocked", "completed", "abandoned", "done", "strange"])
def test_rollback_of_what_has_begun(status, shop):
    name = apply(shop, [proposal(), proposal()])["transaction"]
    state = json.loads((shop / STATE).read_text("utf-8"))
    put(shop, STATE, json.dumps(state | {"tasks": {"A--T08": {"status": status}}}))
    before = files(shop)
    answer = rollback(shop, name, "--apply")
    assert (answer.code, answer.json["code"]) == (4, "HAS-BEGUN")
    assert "A--T08 is" in answer.json["message"]
    assert "A--T07" not in answer.json["message"]
    assert files(shop) == before


def test_rollback_of_what_is_gone(shop):
    name = apply(shop, [proposal(), proposal()])["transaction"]
    document = declared(shop)
    document["tasks"].pop()
    put(shop, MANIFEST, json.dumps(document))
    answer = rollback(shop, name, "--apply")
    assert (answer.code, answer.json["tasks"], answer.json["gone"]) == (0, ["A--T07"], ["A--T08"])
    assert declared(shop) == {"status": "OK", "tasks": TASKS}


def test_no_rollback_of_what_has_a_history_which_a_later_task_of_that_id_would_inherit(shop):
    name = apply(shop, [proposal()])["transaction"]
    for command in ("start", "release"):
        assert vtm(shop, command, "A--T07").code == 0
    before = files(shop)
    answer = rollback(shop, name, "--apply")
    assert (answer.code, answer.json["code"]) == (4, "HAS-BEGUN")
    assert "A--T07 has a history" in answer.json["message"]
    assert files(shop) == before


def test_rollback_of_what_is_declared_twice(shop):
    name = apply(shop, [proposal()])["transaction"]
    document = declared(shop)
    put(shop, MANIFEST, json.dumps(document | {"tasks": [*document["tasks"], document["tasks"][-1]]}))
    before = files(shop)
    assert rollback(shop, name, "--apply").json["code"] == "GAP::DUPLICATE-TASK-ID"
    assert files(shop) == before


# --- others that write, and systems that refuse


@pytest.mark.parametrize("changed", FILES)
def test_what_somebody_changes_meanwhile_is_not_overwritten(changed, shop, monkeypatch):
    def judge_slowly(*arguments):
        with (shop / changed).open("ab") as file:
            file.write(b"\n")
        return real(*arguments)

    real = ingesting.judge
    monkeypatch.setattr(ingesting, "judge", judge_slowly)
    before = files(shop)
    answer = ingest(shop, [proposal()], "--apply")
    assert (answer.code, answer.json["code"]) == (4, "CHANGED-UNDERNEATH")
    assert answer.json["location"]["path"] == changed
    assert files(shop) == before | {changed: before[changed] + b"\n" * 2}


def test_the_lock_of_the_state_is_waited_for(shop):
    put(shop, "vtm.toml", 'lock_wait = "0s"\n')
    with locked(runtime_folder(find_project(shop)), 5):
        answer = ingest(shop, [proposal()], "--apply")
        assert (answer.code, answer.json["code"]) == (4, "LOCKED")
        assert ingest(shop, [proposal()]).code == 0
    assert ingest(shop, [proposal()], "--apply").code == 0


@pytest.mark.parametrize("failing", [{1}, {2}, {2, 3}], ids=["manifest", "state", "state-and-putting-back"])
@pytest.mark.parametrize("reason", [errno.ENOSPC, errno.EROFS], ids=["full", "read-only"])
def test_a_system_that_refuses(failing, reason, shop, monkeypatch):
    calls = []

    def replace(*arguments):
        calls.append(arguments)
        if len(calls) in failing:
            raise OSError(reason, os.strerror(reason))
        return real(*arguments)

    real = os.replace
    monkeypatch.setattr(os, "replace", replace)
    before = files(shop)
    answer = ingest(shop, [proposal()], "--apply")
    assert (answer.code, answer.json["code"]) == (5, "NOT-WRITTEN")
    assert left_over(shop) == []
    if failing == {2, 3}:
        assert "was changed" in answer.json["message"]
        assert "vtm rehash" in answer.json["fix"]
        monkeypatch.undo()
        assert vtm(shop, "rehash").code == 0
        assert recorded_hash(shop) == canonical(declared(shop)["tasks"])
    else:
        assert files(shop) == before


KILLED = """
import os, signal, sys
from vtm.cli.main import run
real, left = os.replace, int(sys.argv[1])
def replace(*arguments):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
    real(*arguments)
os.replace = replace
sys.exit(run(sys.argv[2:]))
"""


@pytest.mark.skipif(os.name == "nt", reason="has no SIGKILL")
@pytest.mark.parametrize("at", [1, 2])
def test_whoever_is_killed_leaves_whole_files(at, shop):
    before = files(shop)
    put(shop, "new.json", json.dumps([proposal()]))
    command = [
        sys.executable,
        "-c",
        KILLED,
        str(at),
        "-C",
        str(shop),
        "ingest",
        str(shop / "new.json"),
        "--apply",
    ]
    done = subprocess.run(
        command, check=False, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True
    )
    assert done.returncode == -9
    if at == 1:
        assert files(shop) == before
    else:
        record = declared(shop)["ingested"][0]
        assert record["tasks"] == ["A--T07"]
        assert files(shop)[STATE] == before[STATE]
        assert vtm(shop, "validate").code == 0
        assert vtm(shop, "rehash").code == 0
        assert rollback(shop, record["id"], "--apply").code == 0
        assert files(shop) == before
    assert ingest(shop, [proposal()], "--apply").code == 0


def test_writers_do_not_lose_each_others_tasks(tmp_path):
    root = repository(tmp_path / "shop")
    write(root, TASKS, {}, None, {"manifest_hash": canonical(TASKS)})
    put(root, "new.json", json.dumps([proposal()]))
    command = [sys.executable, "-m", "vtm", "-C", str(root), "ingest", str(root / "new.json"), "--apply"]
    options = {"env": os.environ | {"PYTHONPATH": str(ROOT)}, "capture_output": True}
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda _: subprocess.run(command, check=False, **options), range(6)))
    assert [each.returncode for each in done] == [0] * 6, [each.stderr for each in done]
    document = declared(root)
    assert [each["task_id"] for each in document["tasks"][3:]] == [f"A--T{at:02}" for at in range(7, 13)]
    assert [each["tasks"] for each in document["ingested"]] == [[f"A--T{at:02}"] for at in range(7, 13)]
    assert recorded_hash(root) == canonical(document["tasks"])


def test_a_linked_file_is_written_where_it_leads(shop, tmp_path):
    real = tmp_path / "plan.json"
    (shop / MANIFEST).rename(real)
    (shop / MANIFEST).symlink_to(real)
    apply(shop, [proposal()])
    assert (shop / MANIFEST).is_symlink()
    assert len(json.loads(real.read_text("utf-8"))["tasks"]) == 4


@pytest.mark.parametrize("pair", ["002", "090"])
def test_a_real_backlog(pair, tmp_path):
    source = Path(shared_data("vtm-history")) / pair
    put(tmp_path, SPEC, "")
    for name in FILES:
        if (source / name).exists():
            put(tmp_path, name, (source / name).read_bytes().decode())
    before = files(tmp_path)
    first = declared(tmp_path)["tasks"][0]
    capability = first["capability_id"]
    answer = apply(tmp_path, [proposal(capability_id=capability, depends_on_tasks=[first["task_id"]])])
    (added,) = answer["tasks"]
    assert added["task_id"].startswith(f"{capability}--T")
    assert added["acceptance_criteria"][0]["id"].startswith(f"{capability}-AC")
    assert "GAP::DUPLICATE-AC-ID" not in {each["code"] for each in answer["findings"]}
    kept = set(before[MANIFEST].splitlines()) - set((tmp_path / MANIFEST).read_bytes().splitlines())
    assert len(kept) <= 3
    assert rollback(tmp_path, answer["transaction"], "--apply").code == 0
    assert declared(tmp_path)["tasks"] == json.loads(before[MANIFEST])["tasks"]


# --- projects with task files


FILE = "---\nid: f/one\ntitle: One\n---\n- [ ] AC01 It works\n"


@pytest.fixture
def folder(tmp_path):
    put(tmp_path, "tasks/one.md", FILE)
    put(tmp_path, SPEC, "# Shop\n")
    return tmp_path


def test_a_manifest_is_created_beside_task_files(folder):
    new = [proposal(depends_on_tasks=["f/one"])]
    assert (ingest(folder, new).code, files(folder)) == (0, {})
    answer = apply(folder, new)
    assert answer["files"] == [MANIFEST]
    (added,) = declared(folder)["tasks"]
    assert (added["task_id"], added["depends_on_tasks"]) == ("A--T01", ["f/one"])
    assert (folder / "tasks/one.md").read_text("utf-8") == FILE
    assert vtm(folder, "validate").code == 0
    assert rollback(folder, answer["transaction"], "--apply").code == 0
    assert declared(folder) == {"status": "OK", "tasks": []}


def test_an_id_of_a_task_file_is_taken(folder):
    answer = ingest(folder, [proposal(task_id="f/one")], "--apply")
    assert (answer.code, files(folder)) == (1, {})


def test_a_state_beside_task_files_stays_as_it_is(folder):
    assert vtm(folder, "start", "f/one", "--now", NOW).code == 0
    before = (folder / STATE).read_bytes()
    assert apply(folder, [proposal()])["files"] == [MANIFEST]
    assert (folder / STATE).read_bytes() == before
    assert "MISMATCH" not in vtm(folder, "validate").out


def test_no_rollback_without_a_manifest(folder):
    answer = rollback(folder, "ingest-0", "--apply")
    assert (answer.code, answer.json["code"]) == (3, "NO-MANIFEST")


@pytest.mark.parametrize("remove", [["--remove"], []], ids=["moved", "copied"])
def test_no_rollback_of_what_has_become_files(remove, shop):
    name = apply(shop, [proposal(), proposal()])["transaction"]
    assert vtm(shop, "convert", "markdown", "--apply", *remove).code == 0
    before = files(shop)
    for arguments in ([], ["--apply"]):
        answer = rollback(shop, name, *arguments)
        assert (answer.code, answer.json["code"]) == (4, "HAS-MOVED")
        assert "A--T07 is in tasks/A--T07.md, A--T08 is in" in answer.json["message"]
        assert "by hand" in answer.json["fix"]
        assert files(shop) == before
    assert vtm(shop, "convert", "manifest", "--apply", "--remove").code == 0
    assert rollback(shop, name, "--apply").json["tasks"] == ["A--T07", "A--T08"]
    assert declared(shop) == {"status": "OK", "tasks": TASKS}
