"""`vtm migrate`: every older form it knows, that nothing else changes, and that once is enough."""

import json
from hashlib import sha256

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.cli.test_commands import checked
from tests.projects import MANIFEST, NOW, STATE, criteria, put, task, write
from tests.repositories import vtm
from tests.shared_data import shared_data
from tests.state.projects import JOURNAL, events, files, state

A, B = "A--T01", "B--T01"
AC = [f"{A}-AC0{number}" for number in (1, 2, 3)]
NUMBERS = (2, 5, 6, 12, 17, 21, 30, 40, 52, 53, 57, 65, 70, 78, 82, 90, 94, 96, 98)


def project(folder, entries, **head):
    tasks = [task(A, acceptance_criteria=criteria(A, "a", "b", "c")), task(B)]
    root = write(folder, tasks, entries, None, head)
    if "manifest_hash" not in head:
        assert vtm(root, "rehash").code == 0
    return root


def document(root):
    return json.loads((root / STATE).read_bytes())


def migrate(root, *arguments, code=0):
    answer = vtm(root, "migrate", "--json", *arguments)
    assert answer.code == code, answer
    return checked(answer)


def apply(root):
    """The changes of `--apply`; the plan said the same before, and afterwards there are none."""
    before = files(root)
    planned = migrate(root)
    assert files(root) == before
    done = migrate(root, "--apply")
    assert planned | {"applied": True} == done
    after = files(root)
    assert migrate(root, "--apply")["changes"] == []
    assert files(root) == after
    return [(each["task_id"], each["field"], each["before"], each["after"]) for each in done["changes"]]


FIELDS = {
    "done": ("status", "done", "completed"),
    "case": ("status", "In-Progress", "in-progress"),
    "underscore": ("status", "in_progress", "in-progress"),
    "failed": ("status", "failed", "blocked"),
    "cancelled": ("status", "cancelled", "abandoned"),
    "no-status": ("status", None, "pending"),
    "no-zone": ("started_at", "2025-10-30T12:00:00", "2025-10-30T12:00:00Z"),
    "space": ("completed_at", "2025-10-30 12:00:00", "2025-10-30T12:00:00Z"),
    "only-a-day": ("completed_at", "2025-10-30", "2025-10-30T00:00:00Z"),
    "float": ("pr_number", 7.0, 7),
    "epoch": ("epoch", 2.0, 2),
    "waived-list": ("waived", [B], {B: ""}),
    "no-waived": ("waived", None, {}),
    "no-notes": ("notes", None, ""),
    "no-owner": ("owner", None, ""),
    "no-criteria": ("acs_completed", None, []),
    "no-attempts": ("attempts", None, []),
}


@pytest.mark.parametrize(("field", "before", "after"), FIELDS.values(), ids=FIELDS)
def test_a_field(tmp_path, field, before, after):
    root = project(tmp_path, {A: {"mine": 1.50, field: before, "last": [1]}})
    assert apply(root) == [(A, field, before, after)]
    entry = state(root)[A]
    assert json.dumps(entry[field]) == json.dumps(after)
    assert [each for each in entry if each != "status" or field == "status"][:3] == ["mine", field, "last"]
    assert vtm(root, "validate", "--strict", "--select", "WARN::LENIENT-VALUE").code == 0
    assert vtm(root, "replay", "--check").code == 0
    assert [each["event"] for each in events(root)] == ["import"] * len(events(root))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"tests_passed": 3.0, "q": 1e3}, {"tests_passed": 3}),
        ({"covers": None, "commit": None}, {"covers": {}}),
    ],
)
def test_evidence(tmp_path, before, after):
    root = project(tmp_path, {A: {"status": "completed", "evidence": before}})
    assert [each[1] for each in apply(root)] == [f"evidence.{next(iter(after))}"]
    assert state(root)[A]["evidence"] == before | after


@pytest.mark.parametrize(
    ("entry", "met"),
    [
        ({"status": "in-progress", "acs_remaining": [AC[2]]}, AC[:2]),
        ({"status": "pending", "acs_remaining": [AC[0], AC[1]]}, AC[2:]),
        ({"status": "completed", "acs_remaining": []}, AC),
        ({"status": "done", "acs_remaining": []}, AC),
        ({"status": "completed", "acs_remaining": ["other"]}, AC),
        ({"status": "in-progress", "acs_remaining": [], "acs_completed": None}, []),
        ({"status": "pending", "acs_remaining": []}, None),
        ({"status": "in-progress", "acs_remaining": AC}, None),
        ({"status": "in-progress", "acs_remaining": [AC[0], "other"]}, None),
        ({"status": "completed", "acs_remaining": AC}, None),
        ({"status": "completed", "acs_remaining": [], "acs_completed": []}, []),
        ({"status": "completed"}, None),
    ],
)
def test_criteria_of_which_only_the_rest_is_recorded(tmp_path, entry, met):
    root = project(tmp_path, {A: entry})
    apply(root)
    assert state(root)[A].get("acs_completed") == met
    assert state(root)[A].get("acs_remaining") == entry.get("acs_remaining")


@pytest.mark.parametrize(
    ("recorded", "after"),
    [
        ("PLACEHOLDER", "canonical"),
        ("", "canonical"),
        (None, "canonical"),
        ("sha256:{canonical}", "canonical"),
        ("{canonical:.12}", "canonical"),
        ("{raw:.20}", "canonical"),
        ("{raw}", None),
        ("{canonical}", None),
        ("sha256:" + "0" * 64, "0" * 64),
        (" SHA256:ABCDEFABCDEF", "abcdefabcdef"),
    ],
)
def test_the_hash(tmp_path, recorded, after):
    root = project(tmp_path, {}, manifest_hash="PLACEHOLDER")
    hashes = {"canonical": vtm(root, "rehash", "--dry-run", "--json").json["manifest_hash"]}

    hashes["raw"] = sha256((root / MANIFEST).read_bytes()).hexdigest()
    written = recorded.format(**hashes) if recorded else recorded
    put(root, STATE, json.dumps({"manifest_hash": written, "tasks": {}}))
    expected = hashes.get(after, after)
    assert apply(root) == ([("", "manifest_hash", written, expected)] if after else [])
    assert document(root)["manifest_hash"] == (expected or written)
    assert not (root / JOURNAL).exists()


def test_beside_the_entries(tmp_path):
    root = project(tmp_path, {}, last_updated="2025-10-30 12:00")
    assert ("", "last_updated", "2025-10-30 12:00", "2025-10-30T12:00:00Z") in apply(root)
    put(root, STATE, (root / STATE).read_text("utf-8").replace("{}", "null"))
    assert apply(root) == [("", "tasks", None, {})]
    (root / STATE).write_bytes(b"\xef\xbb\xbf" + (root / STATE).read_bytes())
    assert [each[1] for each in apply(root)] == ["byte order mark"]
    assert (root / STATE).read_bytes().startswith(b"{")


def test_a_list_of_entries(tmp_path):
    root = project(tmp_path, {})
    entries = [{"task_id": A, "status": "done", "x": 1.50}, {"y": [], "task_id": B, "status": "pending"}]
    put(root, STATE, json.dumps(document(root) | {"tasks": entries, "mine": 1}))
    assert vtm(root, "status").code == 3
    assert [each[:2] for each in apply(root)] == [("", "tasks"), (A, "status")]
    found = {
        each: {key: value for key, value in entry.items() if key != "last_event"}
        for each, entry in state(root).items()
    }
    assert found == {A: {"status": "completed", "x": 1.5}, B: {"y": [], "status": "pending"}}
    assert document(root)["mine"] == 1
    assert vtm(root, "replay", "--check").code == 0


@pytest.mark.parametrize(
    "entries",
    [[{"status": "done"}], [{"task_id": A}, {"task_id": A}], [3], [{"task_id": 3}], [{"task_id": ""}]],
)
def test_a_list_that_cannot_become_an_object(tmp_path, entries):
    root = project(tmp_path, {})
    put(root, STATE, json.dumps({"tasks": entries}))
    before = files(root)
    answer = vtm(root, "migrate", "--apply", "--json")
    assert (answer.code, answer.json["code"]) == (3, "GAP::SCHEMA")
    assert "entry" in answer.json["message"]
    assert files(root) == before


def test_what_cannot_be_read_is_left_and_told(tmp_path):
    entries = {
        A: {"status": "odd", "notes": None},
        B: "odd",
        "C": {"status": "done", "notes": 3},
        "D": {"status": "done"},
    }
    root = project(tmp_path, entries)
    done = migrate(root, "--apply")
    assert [each["task_id"] for each in done["unreadable"]] == [A, B, "C"]
    assert [each["task_id"] for each in done["changes"]] == ["D"]
    assert {each: state(root)[each] for each in (A, B, "C")} == {each: entries[each] for each in (A, B, "C")}
    assert migrate(root, "--apply")["changes"] == []


def test_the_journal_goes_on(tmp_path):
    root = project(tmp_path, {})
    assert vtm(root, "start", A).code == 0
    entries = document(root)
    entries["tasks"][B] = {"status": "Done", "completed_at": "2025-10-30"}
    entries["tasks"][A]["started_at"] = entries["tasks"][A]["started_at"].replace("Z", "")
    put(root, STATE, json.dumps(entries))
    assert len(apply(root)) == 3
    assert [(each["task"], each["event"]) for each in events(root)] == [(A, "start"), (B, "import")]
    assert vtm(root, "replay", "--check").code == 0


def test_a_present_state_stays_as_it_is(tmp_path):
    root = project(tmp_path, {})
    for command in (["start", A], ["ac", A, "AC01"], ["note", A, "x"], ["start", B], ["release", B]):
        assert vtm(root, *command).code == 0
    assert apply(root) == []


def test_without_a_state(tmp_path):
    root = write(tmp_path, [task(A)])
    assert apply(root) == []
    assert not (root / STATE).exists()


def test_text(tmp_path):
    root = project(tmp_path, {A: {"status": "done"}, B: {"status": "odd"}})
    assert vtm(root, "migrate").out.splitlines() == [
        '~ A--T01: status: "done" -> "completed"',
        "  B--T01: left alone, since it cannot be read: status: 'odd' is not one of "
        "['pending', 'in-progress', 'blocked', 'completed', 'abandoned']",
        "Nothing was written; --apply changes 1 value.",
    ]
    assert vtm(root, "migrate", "--apply").out.splitlines()[-1] == "1 value changed."
    assert vtm(root, "migrate").out.splitlines()[-1] == "The state is in the present form."


# --- bad input


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        (STATE, "", "GAP::UNREADABLE"),
        (STATE, "{", "GAP::UNREADABLE"),
        (STATE, "[]", "GAP::SCHEMA"),
        (STATE, '{"tasks": 3}', "GAP::SCHEMA"),
        (STATE, '{"tasks": {"B--T01": {"status": "done", "status": "done"}}}', "GAP::SCHEMA"),
        (JOURNAL, "<<<<<<< ours\n", "GAP::CONFLICT-MARKERS"),
        (MANIFEST, "{", "GAP::UNREADABLE"),
    ],
)
def test_damaged_files_are_refused(tmp_path, name, text, code):
    root = project(tmp_path, {A: {"status": "done"}})
    put(root, name, text)
    before = files(root)
    for arguments in ([], ["--apply"]):
        answer = vtm(root, "migrate", "--json", *arguments)
        assert (answer.code, answer.json["code"]) == (3, code), answer
        assert answer.json["fix"]
    assert files(root) == before


def test_without_a_backlog(tmp_path):
    assert vtm(tmp_path, "migrate").code == 3


def test_a_foreign_journal_is_refused(tmp_path):
    root = project(tmp_path, {A: {"status": "done", "last_event": "0"}})
    before = files(root)
    assert vtm(root, "migrate", "--apply").code == 4
    assert files(root) == before


def test_nothing_is_written_where_the_lock_cannot_be(tmp_path):
    root = write(tmp_path, [task(A)], {A: {"status": "done"}})
    put(root, ".vtm", "in the way")
    before = files(root)
    assert vtm(root, "migrate").code == 0
    assert vtm(root, "migrate", "--apply").code == 5
    assert files(root) == before


def test_nothing_is_written_where_the_journal_cannot_be(tmp_path):
    root = write(tmp_path, [task(A)], {A: {"status": "done"}})
    put(root, "vtm.toml", f'[paths]\njournal = "{STATE}/journal"\n')
    before = files(root)
    assert vtm(root, "migrate", "--apply").code in {3, 5}
    assert files(root) == before


# --- real input, and input of any kind


@pytest.mark.parametrize("number", NUMBERS)
def test_real_state_files(tmp_path, number):
    source = shared_data("vtm-history") / f"{number:03}"
    for name in (MANIFEST, STATE):
        put(tmp_path, name, (source / name).read_text("utf-8"))
    before = document(tmp_path)["tasks"]
    asked = ("pulse", "status", "blocked", "list")
    answers = {each: vtm(tmp_path, each, "--json", "--now", NOW).json for each in asked}
    changed = {(task_id, field) for task_id, field, *_ in apply(tmp_path)}
    for each in asked:
        assert vtm(tmp_path, each, "--json", "--now", NOW).json == answers[each]
    after = state(tmp_path)
    assert list(after) == list(before)
    for task_id, entry in before.items():
        kept = [field for field in entry if (task_id, field) not in changed]
        assert {field: after[task_id][field] for field in kept} == {field: entry[field] for field in kept}
    assert vtm(tmp_path, "reconcile", "--apply").code == 0
    assert vtm(tmp_path, "migrate", "--json").json["changes"] == []
    assert vtm(tmp_path, "doctor").code == 0


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.just(7.0),
    st.just(1.5),
    st.lists(st.sampled_from([*AC, "x"]), max_size=3),
    st.sampled_from(["done", "pending", "2025-10-30", "", "sha256:00"]),
    st.dictionaries(st.sampled_from(["covers", "exit_code"]), st.none() | st.just(1.0)),
)
ENTRIES = st.dictionaries(
    st.sampled_from(
        [
            "status",
            "started_at",
            "acs_completed",
            "acs_remaining",
            "waived",
            "evidence",
            "epoch",
            "notes",
            "own",
        ]
    ),
    VALUES,
)


@settings(max_examples=60)
@given(entry=ENTRIES | VALUES, other=ENTRIES, head=VALUES)
@example(entry=None, other={"status": "done", "acs_remaining": None}, head=None)
def test_any_state(tmp_path_factory, entry, other, head):
    root = write(tmp_path_factory.mktemp("any"), [task(A), task(B)])
    put(
        root,
        STATE,
        json.dumps({"manifest_hash": head, "tasks": {A: entry, B: other, "C": {"status": "done"}}}),
    )
    status = vtm(root, "status", "--json", "--now", NOW)
    done = migrate(root, "--apply")
    assert vtm(root, "status", "--json", "--now", NOW).json == status.json
    assert migrate(root, "--apply")["changes"] == []
    for each in done["changes"]:
        assert each["task_id"] not in {one["task_id"] for one in done["unreadable"]}
