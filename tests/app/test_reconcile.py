"""`vtm reconcile`: what it finds between state and manifest, and that it loses nothing and finds it once."""

import json

import pytest

from tests.cli.test_commands import checked
from tests.projects import MANIFEST, NOW, STATE, criteria, put, task, write
from tests.repositories import vtm
from tests.shared_data import shared_data
from tests.state.projects import JOURNAL, events, files, state

A, B, C = "A--T01", "B--T01", "C--T01"
DONE = {"status": "completed", "completed_at": "2026-03-02T10:30:00Z"}
RUNNING = {"status": "in-progress", "started_at": "2026-03-08T08:00:00Z"}
NUMBERS = (2, 5, 6, 12, 17, 21, 30, 40, 52, 53, 57, 65, 70, 78, 82, 90, 94, 96, 98)
MET = [f"{A}-AC01", f"{A}-AC02"]


def project(folder, tasks, entries, **head):
    return write(folder, tasks, entries, None, head)


def declare(root, tasks, **manifest):
    put(root, MANIFEST, json.dumps({"status": "OK", **manifest, "tasks": tasks}))


def document(root):
    return json.loads((root / STATE).read_bytes())


def reconcile(root, *arguments, code=0):
    answer = vtm(root, "reconcile", "--json", *arguments)
    assert answer.code == code, answer
    return checked(answer)


def apply(root):
    """The answer of `--apply`; the plan said the same before, and afterwards there is nothing left to do."""
    before = files(root)
    planned = reconcile(root)
    assert files(root) == before
    done = reconcile(root, "--apply")
    assert planned | {"applied": True} == done
    after = files(root)
    again = reconcile(root, "--apply")
    assert (again["changes"], again["gone"], again["restored"], again["remaining"]) == (0, [], [], [])
    assert files(root) == after
    if (root / JOURNAL).exists():
        assert vtm(root, "replay", "--check").code == 0
    return done


def test_what_is_gone_is_set_aside_whole(tmp_path):
    gone = {**DONE, "mine": {"b": 1.50, "a": [12345678901234567890123]}, "notes": "é"}
    text = json.dumps({"first": None, "tasks": {A: {"status": "pending"}, B: gone}, "last": {"x": 1e400}})
    text = text.replace("Infinity", "1e400").replace("1.5", "1.50")
    root = project(tmp_path, [task(A)], {})
    put(root, STATE, text)
    done = apply(root)
    assert done["gone"] == [{"task_id": B, "status": "completed"}]
    written = (root / STATE).read_text("utf-8")
    assert list(document(root)) == ["first", "tasks", "last", "orphaned", "last_updated", "manifest_hash"]
    assert list(document(root)["orphaned"][B].items())[:4] == [*gone.items()]
    assert "1.50" in written
    assert "1e400" in written
    assert "\\u00e9" in written
    assert B not in state(root)
    dropped = events(root)[-1]
    assert (dropped["task"], dropped["event"]) == (B, "drop")
    assert "does not declare" in dropped["evidence"]["reason"]


def test_what_returns_gets_its_entry_back(tmp_path):
    gone = {**RUNNING, "epoch": 3, "mine": 1.50, "acs_completed": [f"{B}-AC01"], "acs_remaining": []}
    root = project(tmp_path, [task(A)], {B: gone, A: DONE})
    apply(root)
    assert vtm(root, "note", A, "between").code == 0
    declare(root, [task(B, acceptance_criteria=criteria(B, "a", "b")), task(A)])
    done = apply(root)
    assert done["restored"] == [B]
    entry = state(root)[B]
    entry.pop("last_event")
    assert entry == gone | {"acs_remaining": [f"{B}-AC02"]}
    assert "orphaned" not in document(root)
    assert [each["event"] for each in events(root) if each["task"] == B] == ["drop", "import"]
    assert vtm(root, "ac", B, "AC02").code == 0
    assert vtm(root, "replay", "--check").code == 0


def test_what_was_begun_anew_is_not_overwritten(tmp_path):
    root = project(tmp_path, [task(A)], {B: DONE})
    apply(root)
    declare(root, [task(A), task(B)])
    assert vtm(root, "start", B).code == 0
    before = document(root)["orphaned"]
    done = apply(root)
    assert done["restored"] == []
    assert document(root)["orphaned"] == before
    assert state(root)[B]["status"] == "in-progress"


def test_gone_again_is_the_later_entry(tmp_path):
    root = project(tmp_path, [task(A)], {B: DONE})
    apply(root)
    declare(root, [task(A), task(B)])
    assert vtm(root, "start", B).code == 0
    declare(root, [task(A)])
    apply(root)
    assert document(root)["orphaned"][B]["status"] == "in-progress"


@pytest.mark.parametrize(
    ("entry", "follows"),
    [
        (RUNNING, True),
        (DONE, True),
        ({"status": "pending"}, False),
        (None, False),
        ({"status": "blocked"}, False),
    ],
    ids=["in-progress", "completed", "pending", "none", "blocked"],
)
@pytest.mark.parametrize("gone", [False, True], ids=["there", "gone"])
def test_a_criterion_goes_to_where_it_is_declared(tmp_path, entry, follows, gone):
    moved = f"{A}-AC02"
    there = task(A, acceptance_criteria=criteria(A, "a"))
    taking = task(B, acceptance_criteria=[*criteria(B, "b"), {"id": moved, "text": "b"}])
    entries = {A: {**DONE, "acs_completed": MET, "acs_remaining": []}}
    entries |= {B: entry | {"acs_remaining": [f"{B}-AC01"]}} if entry else {}
    root = project(tmp_path, [taking] if gone else [there, taking], entries)
    done = apply(root)
    assert done["moved"] == [
        {"criterion": each, "from_task": A, "to_task": B, "follows": follows} for each in [moved]
    ]
    old = (document(root)["orphaned"] if gone else state(root))[A]
    assert old["acs_completed"] == (MET if gone or not follows else MET[:1])
    if entry:
        assert (moved in state(root)[B].get("acs_completed", [])) == follows
        assert state(root)[B]["acs_remaining"] == ([f"{B}-AC01"] if follows else [f"{B}-AC01", moved])


def test_a_criterion_that_waits_goes_later(tmp_path):
    taking = task(B, acceptance_criteria=[{"id": MET[1], "text": "b"}])
    root = project(
        tmp_path, [task(A, acceptance_criteria=criteria(A, "a")), taking], {A: {**DONE, "acs_completed": MET}}
    )
    assert [each["follows"] for each in apply(root)["moved"]] == [False]
    assert vtm(root, "start", B).code == 0
    assert [each["follows"] for each in apply(root)["moved"]] == [True]
    assert state(root)[B]["acs_completed"] == [MET[1]]
    assert state(root)[A]["acs_completed"] == [MET[0]]


def test_criteria_that_nobody_declares_stay(tmp_path):
    root = project(tmp_path, [task(A)], {A: {**DONE, "acs_completed": MET}}, manifest_hash="PLACEHOLDER")
    done = apply(root)
    assert done["stale"] == [{"task_id": A, "criteria": [MET[1]]}]
    assert state(root)[A]["acs_completed"] == MET


def test_what_is_left_is_brought_up_to_date(tmp_path):
    three = criteria(A, "a", "b", "c")
    entries = {
        A: {**RUNNING, "acs_completed": [MET[1]], "acs_remaining": [MET[0], "X"], "mine": 1},
        B: {"status": "pending", "acs_remaining": []},
        C: {"status": "pending"},
    }
    root = project(tmp_path, [task(A, acceptance_criteria=three), task(B), task(C)], entries)
    done = apply(root)
    assert [(each["task_id"], each["after"]) for each in done["remaining"]] == [
        (A, [MET[0], f"{A}-AC03"]),
        (B, [f"{B}-AC01"]),
    ]
    assert state(root)[A]["mine"] == 1
    assert "acs_remaining" not in state(root)[C]


def test_new_tasks_are_only_told(tmp_path):
    root = project(tmp_path, [task(A), task(B)], {A: DONE})
    assert apply(root)["new"] == [B]
    assert B not in state(root)


@pytest.mark.parametrize(
    ("recorded", "changes"),
    [("PLACEHOLDER", 1), ("", 1), ("0" * 64, 1), ("abc123abc123", 0), ("sha256:ABC123abc123", 0)],
)
def test_the_hash(tmp_path, recorded, changes):
    root = write(tmp_path, [task(A)], {}, {"manifest_hash": "abc123abc123"}, {"manifest_hash": recorded})
    assert apply(root)["changes"] == changes
    assert not (root / JOURNAL).exists()
    assert vtm(root, "validate", "--select", "WARN::MANIFEST-HASH-MISMATCH", "--strict").code == 0


def test_without_a_state_there_is_nothing_to_do(tmp_path):
    root = write(tmp_path, [task(A)])
    assert apply(root)["changes"] == 0
    assert not (root / STATE).exists()


def test_text(tmp_path):
    root = project(tmp_path, [task(A), task(C)], {A: {**DONE, "acs_completed": MET}, B: DONE})
    answer = vtm(root, "reconcile")
    assert answer.out.splitlines() == [
        "- B--T01 (completed) is not declared any more: its entry goes to `orphaned`",
        f"~ manifest_hash: PLACEHOLDER -> {reconcile(root)['hash_after']}",
        "  A--T01: A--T01-AC02 met, but not declared any more; kept",
        "  1 task without an entry: C--T01",
        "Nothing was written; --apply makes 2 changes.",
    ]
    assert vtm(root, "reconcile", "--apply").out.splitlines()[-1] == "2 changes made."
    assert vtm(root, "reconcile").out.splitlines()[-1] == "State and manifest fit."


# --- what the journal says


def test_an_entry_that_was_edited_by_hand_is_set_aside_as_it_is(tmp_path):
    root = project(tmp_path, [task(A), task(B)], {})
    assert vtm(root, "start", B).code == 0
    text = (root / STATE).read_text("utf-8").replace('"in-progress"', '"in-progress", "notes": "by hand"')
    put(root, STATE, text)
    declare(root, [task(A)])
    apply(root)
    assert document(root)["orphaned"][B]["notes"] == "by hand"


def test_an_entry_behind_its_journal_is_set_aside_as_the_journal_has_it(tmp_path):
    root = project(tmp_path, [task(A), task(B)], {})
    assert vtm(root, "start", B).code == 0
    before = (root / STATE).read_bytes()
    assert vtm(root, "note", B, "later").code == 0
    (root / STATE).write_bytes(before)
    declare(root, [task(A)])
    done = reconcile(root, "--apply")
    assert done["gone"] == [{"task_id": B, "status": "in-progress"}]
    assert "later" in document(root)["orphaned"][B]["notes"]
    assert vtm(root, "replay", "--check").code == 0


def test_an_entry_that_only_the_journal_has_is_not_lost(tmp_path):
    root = project(tmp_path, [task(A), task(B)], {})
    assert vtm(root, "start", B).code == 0
    put(root, STATE, '{"tasks": {}}')
    declare(root, [task(A)])
    apply(root)
    assert document(root)["orphaned"][B]["status"] == "in-progress"


def test_a_foreign_journal_is_refused(tmp_path):
    root = project(tmp_path, [task(A), task(B)], {})
    assert vtm(root, "start", B).code == 0
    declare(root, [task(A)])
    (root / JOURNAL).unlink()
    before = files(root)
    answer = vtm(root, "reconcile", "--apply", "--json")
    assert (answer.code, answer.json["code"]) == (4, "JOURNAL-FOREIGN")
    assert files(root) == before


# --- leases


def test_tasks_that_are_held_stay_as_they_are(tmp_path):
    root = project(tmp_path, [task(A), task(B)], {C: DONE})
    assert vtm(root, "start", B, "--agent", "ada", "--now", NOW).code == 0
    declare(root, [task(A)])
    before = files(root)
    assert reconcile(root, "--now", NOW)["held"] == [B]
    answer = vtm(root, "reconcile", "--apply", "--json", "--now", NOW)
    assert (answer.code, answer.json["code"]) == (4, f"BLOCKED::LEASE-HELD::{B}")
    assert "ada holds B--T01 until 2026-03-10T12:30:00Z" in answer.json["message"]
    assert files(root) == before
    later = "2026-03-10T12:30:01Z"
    assert len(reconcile(root, "--apply", "--now", later)["gone"]) == 2


def test_who_holds_another_task_is_in_nobodys_way(tmp_path):
    root = project(tmp_path, [task(A), task(B)], {C: DONE})
    assert vtm(root, "start", B, "--agent", "ada").code == 0
    assert apply(root)["held"] == []


# --- bad input


def test_entries_that_cannot_be_read(tmp_path):
    entries = {A: {"status": "odd", "acs_completed": MET, "acs_remaining": ["X"]}, B: "odd", C: {"status": 7}}
    root = project(tmp_path, [task(A), task(C)], entries)
    done = apply_lossy(root)
    assert (done["unreadable"], done["gone"][0]["task_id"]) == ([A, C], B)
    assert document(root)["orphaned"] == {B: "odd"}
    assert state(root) == {A: entries[A], C: entries[C]}
    declare(root, [task(A), task(B), task(C)])
    again = reconcile(root, "--apply")
    assert (again["restored"], again["unreadable"]) == ([], [A, B, C])
    assert document(root)["orphaned"] == {B: "odd"}


def apply_lossy(root):
    """As `apply`, for a state that the journal cannot take over as a whole."""
    done = reconcile(root, "--apply")
    assert reconcile(root)["changes"] == 0
    return done


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        (STATE, "{", "GAP::UNREADABLE"),
        (STATE, "[]", "GAP::SCHEMA"),
        (STATE, '{"tasks": {"B--T01": {}, "B--T01": {}}}', "GAP::SCHEMA"),
        (STATE, '{"tasks": {}, "orphaned": []}', "GAP::SCHEMA"),
        (STATE, '{"tasks": {}, "orphaned": 3}', "GAP::SCHEMA"),
        (STATE, "<<<<<<< ours\n{}", "GAP::CONFLICT-MARKERS"),
        (JOURNAL, "<<<<<<< ours\n", "GAP::CONFLICT-MARKERS"),
        (MANIFEST, "{", "GAP::UNREADABLE"),
        (MANIFEST, '{"tasks": [{"title": "Nameless"}]}', "GAP::SCHEMA"),
    ],
)
def test_damaged_files_are_refused(tmp_path, name, text, code):
    root = project(tmp_path, [task(A)], {B: DONE})
    put(root, name, text)
    before = files(root)
    for arguments in ([], ["--apply"]):
        answer = vtm(root, "reconcile", "--json", *arguments)
        assert (answer.code, answer.json["code"]) == (3, code), answer
        assert answer.json["fix"]
    assert files(root) == before


def test_without_a_backlog(tmp_path):
    assert vtm(tmp_path, "reconcile").code == 3


def test_nothing_is_written_where_the_lock_cannot_be(tmp_path):
    root = project(tmp_path, [task(A)], {B: DONE})
    put(root, ".vtm", "in the way")
    before = files(root)
    assert vtm(root, "reconcile").code == 0
    assert vtm(root, "reconcile", "--apply").code == 5
    assert files(root) == before


def test_nothing_is_written_where_the_state_cannot_be(tmp_path, monkeypatch):
    root = project(tmp_path, [task(A)], {B: DONE})
    before = files(root)

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr("os.replace", refuse)
        assert vtm(root, "reconcile", "--apply").code == 5
    assert files(root) == before
    apply(root)


# --- real input


@pytest.mark.parametrize("number", NUMBERS)
def test_real_state_files(tmp_path, number):
    source = shared_data("vtm-history") / f"{number:03}"
    for name in (MANIFEST, STATE):
        put(tmp_path, name, (source / name).read_text("utf-8"))
    before = document(tmp_path)["tasks"]
    asked = ("pulse", "status", "blocked", "list")
    answers = {each: vtm(tmp_path, each, "--json", "--now", NOW).json for each in asked}
    done = apply(tmp_path)
    for each in asked:
        assert vtm(tmp_path, each, "--json", "--now", NOW).json == answers[each]
    after = document(tmp_path)
    gone = {each["task_id"] for each in done["gone"]}
    changed = {each["task_id"] for each in done["remaining"]}
    for task_id, entry in before.items():
        now = (after["orphaned"] if task_id in gone else after["tasks"])[task_id]
        now.pop("last_event", None)
        entry.pop("acs_remaining") if task_id in changed and now.pop("acs_remaining") else None
        assert now == entry
