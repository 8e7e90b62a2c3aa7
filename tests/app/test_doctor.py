"""`vtm doctor`: each kind of trouble on real files, what mends it, and that a second look finds nothing."""

import json
import os
import socket
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.cli.test_commands import checked
from tests.projects import MANIFEST, STATE, put, task, write
from tests.repositories import repository, vtm
from tests.shared_data import shared_data
from tests.state.projects import JOURNAL, events, files, state
from vtm.discovery import find_project, runtime_folder
from vtm.stores.lock import locked

A, B, C = "A--T01", "B--T01", "C--T01"
FOLDER = "docs/backlog"


@pytest.fixture
def root(tmp_path):
    """A project in which one task is completed and one runs."""
    root = write(tmp_path / "shop", [task(each) for each in (A, B, C)])
    for command in (["start", A], ["ac", A, "AC01"], ["start", B]):
        assert vtm(root, *command).code == 0
    return root


def doctor(root, *arguments, code):
    answer = vtm(root, "doctor", "--json", *arguments)
    assert answer.code == code, answer
    return checked(answer)


def everything(root):
    """All files of a project but what a lock or an open database leaves behind."""
    return {
        path: path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and not path.name.startswith(("state.", "runtime.db-"))
    }


def kinds(troubles):
    return [(each["ailment"], each["task_id"]) for each in troubles]


def mended(root, *expected, left=()):
    """What `--fix` mends; before it nothing changes, and after it nothing but `left` is out of order."""
    before = everything(root)
    found = doctor(root, code=1)
    assert sorted(kinds(found["left"])) == sorted([*expected, *left])
    assert everything(root) == before
    done = doctor(root, "--fix", code=1 if left else 0)
    assert sorted(kinds(done["fixed"])) == sorted(expected)
    assert sorted(kinds(done["left"])) == sorted(left)
    after = files(root)
    again = doctor(root, "--fix", code=1 if left else 0)
    assert (again["fixed"], kinds(again["left"])) == ([], kinds(done["left"]))
    assert files(root) == after
    if not left:
        assert vtm(root, "replay", "--check").code == 0
        assert vtm(root, "note", A, "goes on").code == 0
    return done


def change(root, task_id, **fields):
    document = json.loads((root / STATE).read_bytes())
    document["tasks"].setdefault(task_id, {}).update(fields)
    put(root, STATE, json.dumps(document))


def database(root):
    return runtime_folder(find_project(root)) / "runtime.db"


def test_nothing(root):
    assert doctor(root, code=0) == {
        "schema": "vtm.doctor/1",
        "sound": True,
        "fixed": [],
        "left": [],
        "notes": [],
    }
    assert vtm(root, "doctor").out == "Nothing is out of order.\n"


def test_a_project_without_state_or_journal(tmp_path):
    root = write(tmp_path, [task(A)])
    before = set(tmp_path.rglob("*"))
    assert doctor(root, code=0)["sound"]
    assert set(tmp_path.rglob("*")) == before


def test_a_state_that_never_had_a_journal(tmp_path):
    root = write(tmp_path, [task(A)], {A: {"status": "done"}, B: {"status": "odd"}})
    assert doctor(root, "--fix", code=0)["sound"]
    assert not (root / JOURNAL).exists()


# --- journal and entries


@pytest.mark.parametrize(
    "rest", [b'{"id": "x', b"\x00" * 40, b"{}", b" "], ids=["cut", "nul", "no-newline", "space"]
)
def test_an_unfinished_line_is_cut_off(root, rest):
    before = (root / JOURNAL).read_bytes()
    (root / JOURNAL).write_bytes(before + rest)
    state_before = (root / STATE).read_bytes()
    done = doctor(root, "--fix", code=0)
    assert kinds(done["fixed"]) == [("unfinished-line", "")]
    assert done["fixed"][0]["line"] == before.count(b"\n") + 1
    assert ((root / JOURNAL).read_bytes(), (root / STATE).read_bytes()) == (before, state_before)
    (root / JOURNAL).write_bytes(before + rest)
    mended(root, ("unfinished-line", ""))


def test_an_entry_behind_the_journal_follows(root):
    before = (root / STATE).read_bytes()
    assert vtm(root, "note", B, "later").code == 0
    (root / STATE).write_bytes(before)
    mended(root, ("behind", B))
    assert "later" in state(root)[B]["notes"]


def test_many_entries_behind_follow(root):
    before = (root / STATE).read_bytes()
    for each in (A, B, A):
        assert vtm(root, "note", each, "later").code == 0
    assert vtm(root, "start", C).code == 0
    (root / STATE).write_bytes(before)
    mended(root, ("behind", A), ("behind", B), ("behind", C))
    assert state(root)[A]["notes"].count("later") == 2


def test_a_state_that_is_gone_comes_back(root):
    before = state(root)
    (root / STATE).unlink()
    mended(root, ("behind", A), ("behind", B))
    after = state(root)
    assert {each: entry["status"] for each, entry in after.items()} == dict.fromkeys(before, "in-progress")
    assert after[A]["acs_completed"] == before[A]["acs_completed"]
    assert after[B]["acs_remaining"] == [f"{B}-AC01"]


def test_an_entry_that_was_edited_by_hand_is_written_down(root):
    change(root, B, notes="by hand", mine={"x": 1})
    change(root, C, status="completed")
    mended(root, ("edited", B), ("edited", C))
    assert (state(root)[B]["notes"], state(root)[B]["mine"]) == ("by hand", {"x": 1})
    assert [each["event"] for each in events(root)][-3:-1] == ["import", "import"]


def test_an_entry_that_was_written_anew_by_hand_stays(root):
    assert vtm(root, "release", B).code == 0
    assert vtm(root, "start", B, "--agent", "ada").code == 0
    assert vtm(root, "release", B, "--epoch", "2").code == 0
    document = json.loads((root / STATE).read_bytes())
    document["tasks"][B] = {"status": "completed", "notes": "done elsewhere"}
    put(root, STATE, json.dumps(document))
    mended(root, ("edited", B))
    assert (state(root)[B]["status"], state(root)[B]["epoch"]) == ("completed", 2)


@pytest.mark.parametrize(("keep", "lost"), [(0, [A, B]), (1, [A, B]), (2, [B])])
def test_a_journal_that_lost_lines_is_anchored_again(root, keep, lost):
    before = state(root)
    lines = (root / JOURNAL).read_bytes().splitlines(keepends=True)
    (root / JOURNAL).write_bytes(b"".join(lines[:keep]))
    assert vtm(root, "note", B, "x").code == 4
    mended(root, *(("foreign", each) for each in lost))
    assert {each: entry["status"] for each, entry in state(root).items()} == dict.fromkeys(
        before, "in-progress"
    )


def test_a_missing_journal_takes_up_all_entries(root):
    change(root, C, status="completed")
    (root / JOURNAL).unlink()
    mended(root, ("foreign", A), ("foreign", B), ("edited", C))


def test_a_journal_of_another_branch_with_a_later_epoch(root):
    (root / JOURNAL).write_text(
        (root / JOURNAL).read_text("utf-8").splitlines()[-1].replace('"epoch":1', '"epoch":7') + "\n", "utf-8"
    )
    change(root, B, last_event="ffffffffffffffffffffff")
    mended(root, ("foreign", A), ("foreign", B))
    assert state(root)[B]["epoch"] == 7


@pytest.mark.parametrize("where", ["first", "last", "only"])
def test_lines_that_are_no_events_are_left(root, where):
    before = (root / JOURNAL).read_bytes()
    text = {"first": b"odd\n" + before, "last": before + b"odd\n", "only": b"odd\n"}[where]
    (root / JOURNAL).write_bytes(text)
    foreign = [("foreign", A), ("foreign", B)] if where == "only" else []
    done = mended(root, *foreign, left=[("unreadable-line", "")])
    assert done["left"][0]["line"] == text[: text.index(b"odd")].count(b"\n") + 1
    assert b"odd\n" in (root / JOURNAL).read_bytes()
    assert not done["left"][0]["mendable"]
    assert vtm(root, "note", B, "goes on").code == 0


def test_conflict_markers(root):
    text = (root / JOURNAL).read_text("utf-8")
    put(root, JOURNAL, f"<<<<<<< ours\n{text}=======\n>>>>>>> theirs\n")
    change(root, B, notes="by hand")
    put(root, f"{FOLDER}/.task-state.json.abcd1234.tmp", "{")
    mended(root, ("temporary", ""), left=[("conflict-markers", "")])
    assert "<<<<<<<" in (root / JOURNAL).read_text("utf-8")
    assert "keep the lines of both sides" in vtm(root, "doctor").out


def test_an_entry_that_cannot_be_read_is_left(root):
    change(root, C, status="odd")
    change(root, B, notes="by hand")
    mended(root, ("edited", B), left=[("unreadable", C)])
    assert state(root)[C] == {"status": "odd"}


HISTORY = [
    ["start", A],
    ["ac", A, "AC01"],
    ["note", A, "x"],
    ["start", B],
    ["release", B],
    ["start", B],
    ["note", B, "y"],
]
LINES = st.lists(st.integers(0, len(HISTORY) - 1), max_size=9)
ENTRY = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(["pending", "in-progress", "completed", "odd"]),
        "epoch": st.integers(0, 4),
        "notes": st.sampled_from(["", "x", "by hand"]),
        "last_event": st.integers(0, len(HISTORY)),
        "acs_completed": st.just([f"{A}-AC01"]),
        "own": st.just({"a": 1}),
    },
)


@settings(max_examples=40)
@given(
    lines=LINES,
    rest=st.sampled_from([b"", b"odd", b"odd\n", b"\n"]),
    entries=st.dictionaries(st.sampled_from([A, B, C, "X"]), ENTRY),
)
@example(lines=[3, 5], rest=b"", entries={A: {}, B: {"status": "in-progress"}})
@example(lines=[3, 4], rest=b"", entries={A: {}, B: {"epoch": 0, "status": "odd", "last_event": 3}})
def test_whatever_happened_to_the_files(tmp_path_factory, lines, rest, entries):
    root = write(tmp_path_factory.mktemp("any"), [task(each) for each in (A, B, C)])
    for command in HISTORY:
        assert vtm(root, *command).code == 0
    written = (root / JOURNAL).read_bytes().splitlines(keepends=True)
    ids = [*(each["id"] for each in events(root)), "f" * 22]
    (root / JOURNAL).write_bytes(b"".join(written[each] for each in lines) + rest)
    named = {
        each: entry | ({"last_event": ids[entry["last_event"]]} if "last_event" in entry else {})
        for each, entry in entries.items()
    }
    put(root, STATE, json.dumps({"tasks": named, "own": 1}))
    found = doctor(root, code=vtm(root, "doctor").code)
    done = checked(vtm(root, "doctor", "--fix", "--json"))
    assert len(done["fixed"]) == sum(each["mendable"] for each in found["left"])
    assert [each for each in done["left"] if each["mendable"]] == []
    assert checked(vtm(root, "doctor", "--fix", "--json")) == done | {"fixed": []}
    for task_id, entry in named.items():
        assert state(root).get(task_id, entry).get("own") == entry.get("own")
    if not done["left"]:
        assert vtm(root, "replay", "--check").code == 0


# --- leases

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def at(minutes):
    return (NOW + timedelta(minutes=minutes)).isoformat()


@pytest.fixture
def claimed(tmp_path):
    """A project in which an agent holds a task, for half an hour."""
    root = write(tmp_path / "shop", [task(each) for each in (A, B, C)])
    assert vtm(root, "start", A, "--agent", "ada", "--now", at(0)).code == 0
    return root


def test_a_lease_that_is_not_over_is_left_alone(claimed):
    before = files(claimed)
    assert doctor(claimed, "--fix", "--now", at(29), code=0)["sound"]
    assert files(claimed) == before
    assert vtm(claimed, "heartbeat", A, "--epoch", "1", "--now", at(29)).code == 0


def test_a_lease_that_is_over_is_ended(claimed):
    answer = vtm(claimed, "doctor", "--now", at(90))
    assert (answer.code, answer.err) == (1, "")
    assert "the lease of A--T01 is over; ada was last heard of 2026-03-10T12:00:00Z, 1h ago" in answer.out
    done = doctor(claimed, "--fix", "--now", at(90), code=0)
    assert kinds(done["fixed"]) == [("lease-over", A)]
    assert doctor(claimed, "--now", at(90), code=0)["sound"]
    assert state(claimed)[A]["status"] == "in-progress"
    taken = vtm(claimed, "start", A, "--agent", "eve", "--now", at(91), "--json")
    assert (taken.code, taken.json["epoch"]) == (0, 2)


def test_a_lease_that_would_live_on_without_the_database_is_left(tmp_path):
    root = write(tmp_path, [task(A)])
    assert vtm(root, "start", A, "--agent", "ada", "--ttl", "5m", "--now", at(0)).code == 0
    assert doctor(root, "--fix", "--now", at(10), code=0)["sound"]
    assert vtm(root, "start", A, "--agent", "eve", "--now", at(11)).code == 0


def test_a_lease_of_another_host_is_left(claimed):
    with closing(sqlite3.connect(database(claimed))) as runtime, runtime:
        runtime.execute("UPDATE lease SET host = ?", [f"not-{socket.gethostname()}"])
    assert doctor(claimed, "--fix", "--now", at(999), code=0)["sound"]


@pytest.mark.parametrize("entry", [{"status": "completed", "owner": ""}, None], ids=["completed", "none"])
def test_a_lease_of_a_task_that_is_not_in_progress_is_ended(claimed, entry):
    document = json.loads((claimed / STATE).read_bytes())
    if entry:
        document["tasks"][A].update(entry)
        put(claimed, STATE, json.dumps(document))
        expected = [("edited", A), ("lease-idle", A)]
    else:
        assert vtm(claimed, "start", B, "--now", at(0)).code == 0
        write(claimed, [task(B)])
        with closing(sqlite3.connect(database(claimed))) as runtime, runtime:
            runtime.execute(
                "INSERT INTO lease SELECT 'X', owner, session, epoch, granted_at, renewed_at, expires_at, "
                "host, pid, ended FROM lease"
            )
        expected = [("lease-idle", "X")]
    done = doctor(claimed, "--fix", "--now", at(1), code=0)
    assert kinds(done["fixed"]) == expected
    assert doctor(claimed, "--now", at(1), code=0)["sound"]


def test_a_lease_whose_start_only_the_journal_shows_is_left(claimed):
    (claimed / STATE).unlink()
    done = doctor(claimed, "--fix", "--now", at(1), code=0)
    assert kinds(done["fixed"]) == [("behind", A)]
    assert vtm(claimed, "heartbeat", A, "--epoch", "1", "--now", at(2)).code == 0


@pytest.mark.parametrize(
    "content", [b"", b"no database" * 999, None], ids=["empty", "noise", "damaged-pages"]
)
def test_a_damaged_database_is_set_aside(claimed, content):
    path = database(claimed)
    data = path.read_bytes()
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096) if content is None else content)
    before = path.read_bytes()
    found = doctor(claimed, "--now", at(1), code=1)
    assert kinds(found["left"]) == [("database", "")]
    assert path.read_bytes() == before
    done = doctor(claimed, "--fix", "--now", at(1), code=0)
    assert kinds(done["fixed"]) == [("database", "")]
    assert "runtime.db.damaged" in done["notes"][0]
    again = doctor(claimed, "--fix", "--now", at(1), code=0)
    assert (again["fixed"], len(again["notes"])) == ([], 1)
    assert vtm(claimed, "start", B, "--agent", "eve", "--now", at(1)).code == 0
    assert vtm(claimed, "start", A, "--agent", "eve", "--now", at(1)).code == 4


def test_a_database_with_values_that_nobody_wrote(claimed):
    with closing(sqlite3.connect(database(claimed))) as runtime, runtime:
        runtime.execute("UPDATE lease SET expires_at = 'some day'")
    assert kinds(doctor(claimed, code=1)["left"]) == [("database", "")]
    assert kinds(doctor(claimed, "--fix", code=0)["fixed"]) == [("database", "")]


# --- leftovers

LEFT = [
    f"{FOLDER}/.task-state.json.abcd1234.tmp",
    f"{FOLDER}/.virtual-task-manifest.json.a_cd1234.tmp",
    f"{FOLDER}/.task-state.json.abcd1234",
    ".vtm.toml.abcd1234",
    ".vtm/.runtime-abcd1234/runtime.db",
]
KEPT = [
    f"{FOLDER}/.task-state.json.swp",
    f"{FOLDER}/.task-state.json.tmp",
    f"{FOLDER}/.task-state.json.mine.tmp",
    f"{FOLDER}/task-state.json.abcd1234.tmp",
    f"{FOLDER}/.other.json.abcd1234.tmp",
    ".vtm/.runtime-mine",
]


def aged(root, names, hours):
    """Files that have lain there for so long."""
    when = datetime.now(UTC).timestamp() - hours * 3600
    for name in names:
        path = put(root, name, "{")
        os.utime(path, (when, when))
        os.utime(path.parent, (when, when))


def test_what_dead_processes_left_is_removed(root):
    aged(root, LEFT, 2)
    aged(root, KEPT, 2)
    assert len(doctor(root, code=1)["left"]) == len(LEFT)
    assert kinds(doctor(root, "--fix", code=0)["fixed"]) == [("temporary", "")] * len(LEFT)
    assert doctor(root, code=0)["sound"]
    assert [each for each in LEFT if (root / each).exists()] == []
    assert [each for each in KEPT if not (root / each).exists()] == []


def test_what_may_be_of_a_living_process_is_left(root):
    put(root, LEFT[0], "{")
    aged(root, LEFT[2:], 0)
    mended(root, ("temporary", ""))
    assert [(root / each).exists() for each in LEFT] == [False, False, True, True, True]


def test_inside_a_repository(tmp_path):
    root = write(repository(tmp_path / "shop"), [task(A)])
    assert (
        vtm(root, "start", A, "--agent", "ada", "--allow", "BLOCKED::DIRTY-GIT-STATUS", "--reason", "x").code
        == 0
    )
    put(root, ".git/vtm/.runtime-abcd1234/x", "")
    os.utime(root / ".git/vtm/.runtime-abcd1234", (1, 1))
    done = doctor(root, "--fix", code=0)
    assert [each["path"] for each in done["fixed"]] == [".git/vtm/.runtime-abcd1234"]
    assert done["sound"]


# --- bad input


@pytest.mark.parametrize(
    ("name", "text"),
    [(STATE, "{"), (STATE, ""), (STATE, "[]"), (STATE, "<<<<<<< ours\n"), (MANIFEST, "{")],
)
def test_damaged_files_are_refused(root, name, text):
    put(root, name, text)
    put(root, LEFT[0], "{")
    before = everything(root)
    for arguments in ([], ["--fix"]):
        answer = vtm(root, "doctor", "--json", *arguments)
        assert answer.code == 3
        assert answer.json["fix"]
    assert everything(root) == before


def test_without_a_backlog(tmp_path):
    assert vtm(tmp_path, "doctor").code == 3


def test_somebody_writes(root):
    put(root, "vtm.toml", 'lock_wait = "0s"\n')
    with locked(root / ".vtm", 0):
        answer = vtm(root, "doctor", "--json")
    assert (answer.code, answer.json["code"]) == (4, "LOCKED")


def test_nothing_is_written_where_the_lock_cannot_be(tmp_path):
    root = write(tmp_path, [task(A)], {A: {"status": "done", "last_event": "0"}})
    put(root, ".vtm", "in the way")
    assert doctor(root, code=1)["left"]
    assert vtm(root, "doctor", "--fix").code == 5


def test_nothing_is_written_where_the_state_cannot_be(root, monkeypatch):
    change(root, B, notes="by hand")
    before = files(root)

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr("os.replace", refuse)
        assert vtm(root, "doctor", "--fix").code == 5
    assert files(root) == before
    mended(root, ("edited", B))


def test_text(root):
    change(root, B, notes="by hand")
    change(root, C, status="odd")
    assert vtm(root, "doctor").out.splitlines() == [
        f"{STATE}: B--T01 was changed by hand",
        "    fix: the journal gets a line with the entry as it is",
        f"{STATE}: C--T01 is not what the journal gives, and cannot be read: "
        "status: 'odd' is not one of ['pending', 'in-progress', 'blocked', 'completed', 'abandoned']",
        "    fix: correct it; `vtm validate` shows where it is",
        "2 things out of order; `vtm doctor --fix` mends 1.",
    ]
    change(root, C, status="pending")
    assert vtm(root, "doctor", "--fix").out.splitlines() == [
        f"mended: {STATE}: B--T01 was changed by hand",
        "1 thing mended.",
    ]


@pytest.mark.parametrize("number", [6, 17, 52, 90, 98])
def test_real_state_files(tmp_path, number):
    source = shared_data("vtm-history") / f"{number:03}"
    for name in (MANIFEST, STATE):
        put(tmp_path, name, (source / name).read_text("utf-8"))
    assert doctor(tmp_path, code=0)["sound"]
    first = next(iter(state(tmp_path)))
    assert vtm(tmp_path, "note", first, "seen").code == 0
    assert doctor(tmp_path, code=0)["sound"]
    (tmp_path / JOURNAL).unlink()
    count = len(state(tmp_path))
    assert len(doctor(tmp_path, "--fix", code=0)["fixed"]) == count
    assert doctor(tmp_path, code=0)["sound"]
    assert vtm(tmp_path, "replay", "--check").code == 0
