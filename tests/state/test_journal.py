"""Journal and state as they come out of crashes, merges, editors and other people's hands."""

import json
import random

import pytest

from tests.projects import HOSTILE, STATE, put, task, write
from tests.repositories import vtm
from tests.state.projects import JOURNAL, assert_sound, events, files, state, two
from vtm.stores import files as stores
from vtm.stores.journal import Journal

A, B = "ALL--T01", "ALL--T02"


@pytest.fixture
def root(tmp_path, form):
    """A project with a journal of some length."""
    root = two(tmp_path / "shop", form)
    for number in range(3):
        for name in (A, B):
            assert vtm(root, "note", name, f"{name} {number}").code == 0
    return root


def lines(root):
    return (root / JOURNAL).read_bytes().splitlines(keepends=True)


def assert_nothing_happens(root, *command):
    """The command is refused and nothing is written; returns the answer."""
    before = files(root)
    answer = vtm(root, *command, "--json")
    assert files(root) == before
    assert answer.code not in {0, 70}, answer
    return answer


# --- order


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_lines_does_not_count(root, seed):
    shuffled = lines(root)
    random.Random(seed).shuffle(shuffled)
    before = state(root)
    (root / JOURNAL).write_bytes(b"".join([*shuffled, *shuffled[::2]]))
    assert vtm(root, "replay", "--check").code == 0
    assert vtm(root, "note", A, "after").code == 0
    assert state(root)[B] == before[B]
    assert state(root)[A]["notes"] == before[A]["notes"] + "\nafter"
    assert vtm(root, "replay", "--check").code == 0


@pytest.mark.parametrize("whose_state", ["ours", "theirs", "before"])
@pytest.mark.parametrize("first", ["ours", "theirs"])
def test_a_union_merge(root, first, whose_state):
    """Two branches wrote; git puts their lines one behind the other and takes the state of either."""
    versions, appended = {"before": files(root)}, {}
    shared = len((root / JOURNAL).read_bytes())
    for branch in ("ours", "theirs"):
        for name, data in versions["before"].items():
            (root / name if "/" in name else root / "docs/backlog" / name).write_bytes(data)
        for name in (A, B):
            assert vtm(root, "note", name, branch).code == 0
        versions[branch] = files(root)
        appended[branch] = versions[branch]["task-events.jsonl"][shared:]
    second = {"ours": "theirs", "theirs": "ours"}[first]
    (root / STATE).write_bytes(versions[whose_state]["task-state.json"])
    merged = versions["before"]["task-events.jsonl"] + appended[first] + appended[second]
    (root / JOURNAL).write_bytes(merged)
    for name in (A, B):
        assert vtm(root, "note", name, "after").code == 0
        assert state(root)[name]["notes"].splitlines()[3:] == ["ours", "theirs", "after"]
    assert_sound(root)


# --- what was never finished


@pytest.mark.parametrize("cut", [1, 20, -1])
def test_a_torn_last_line_is_dropped_and_that_is_said(root, cut):
    torn = lines(root)[-1][:cut]
    before = (root / JOURNAL).read_bytes()
    (root / JOURNAL).write_bytes(before + torn)
    assert vtm(root, "replay", "--check").code == 1
    answer = vtm(root, "note", A, "after")
    assert answer.code == 0
    assert answer.err == f"vtm: {JOURNAL} ends in a line that was never finished; it is dropped\n"
    assert (root / JOURNAL).read_bytes().startswith(before + b'{"id"')
    assert_sound(root)


def test_a_step_of_several_lines_counts_whole_or_not_at_all(tmp_path):
    entries = {f"C--T{number}": {"status": "pending", "notes": f"{number}"} for number in range(5)}
    root = write(tmp_path / "shop", map(task, entries), entries)
    by_hand = (root / STATE).read_bytes()
    assert vtm(root, "note", "C--T0", "first").code == 0
    assert [event["more"] for event in events(root)] == [5, 4, 3, 2, 1, 0]
    whole = (root / JOURNAL).read_bytes()
    assert Journal(whole).torn == b""
    for size in range(len(whole)):
        found = Journal(whole[:size])
        assert (found.sound, found.read, found.last) == (0, ([], []), [])
    for kept in range(1, 6):
        (root / STATE).write_bytes(by_hand)
        (root / JOURNAL).write_bytes(b"".join(whole.splitlines(keepends=True)[:kept]))
        answer = vtm(root, "note", "C--T0", "again")
        assert (answer.code, "never finished" in answer.err) == (0, True)
        assert len(events(root)) == 6
        assert state(root)["C--T0"]["notes"] == "0\nagain"
        assert_sound(root)


def test_a_step_behind_others_that_was_not_finished(root):
    before = (root / JOURNAL).read_bytes()
    last = json.loads(lines(root)[-1])
    unfinished = [last | {"id": f"{last['id']}{more}", "more": more} for more in (3, 2, 1)]
    (root / JOURNAL).write_bytes(before + b"".join(json.dumps(each).encode() + b"\n" for each in unfinished))
    assert len(Journal((root / JOURNAL).read_bytes()).torn) > 0
    assert vtm(root, "note", B, "after").code == 0
    assert (root / JOURNAL).read_bytes().startswith(before)
    assert_sound(root)


def test_a_line_that_is_no_event_stays_and_is_told(root):
    kept = lines(root)
    kept.insert(2, b"what is this\n")
    (root / JOURNAL).write_bytes(b"".join(kept))
    assert vtm(root, "replay", "--json").json["unreadable"] == [3]
    assert vtm(root, "note", A, "after").code == 0
    assert lines(root)[2] == b"what is this\n"


# --- journals of somebody else


def test_a_journal_that_is_gone(root):
    (root / JOURNAL).unlink()
    answer = assert_nothing_happens(root, "note", A, "x")
    assert (answer.code, answer.json["code"]) == (4, "JOURNAL-FOREIGN")
    assert "missing" in answer.json["message"]
    assert not (root / JOURNAL).exists()


def test_a_journal_that_is_empty(root):
    (root / JOURNAL).write_bytes(b"")
    answer = assert_nothing_happens(root, "start", B, "--agent", "ada")
    assert (answer.code, answer.json["code"]) == (4, "JOURNAL-FOREIGN")


def test_a_journal_of_another_branch(root):
    """It ends before the state does, or went another way."""
    whole = (root / JOURNAL).read_bytes()
    (root / JOURNAL).write_bytes(b"".join(lines(root)[:3]))
    answer = assert_nothing_happens(root, "note", A, "x")
    assert (answer.code, answer.json["code"]) == (4, "JOURNAL-FOREIGN")
    assert A in answer.json["message"]
    (root / JOURNAL).write_bytes(whole)
    assert vtm(root, "note", A, "x").code == 0


def test_a_journal_with_conflict_markers(root):
    kept = lines(root)
    (root / JOURNAL).write_bytes(b"".join([*kept[:2], b"<<<<<<< ours\n", *kept[2:], b">>>>>>> theirs\n"]))
    answer = assert_nothing_happens(root, "note", A, "x")
    assert (answer.code, answer.json["code"]) == (3, "GAP::CONFLICT-MARKERS")


def test_a_state_that_is_gone_comes_back(root):
    before = state(root)
    (root / STATE).unlink()
    for name in (A, B):
        assert vtm(root, "note", name, "after").code == 0
        assert state(root)[name]["notes"] == before[name]["notes"] + "\nafter"
        assert state(root)[name]["status"] == before[name]["status"]
    assert_sound(root)


def test_a_state_of_an_earlier_day_is_brought_up(root):
    kept = (root / STATE).read_bytes()
    assert vtm(root, "ac", A, "AC01").code == 0
    assert vtm(root, "note", A, "later").code == 0
    (root / STATE).write_bytes(kept)
    assert vtm(root, "note", A, "after").code == 0
    assert state(root)[A]["acs_completed"] == [f"{A}-AC01"]
    assert state(root)[A]["notes"].splitlines()[-2:] == ["later", "after"]
    assert_sound(root)


# --- the state, changed by hand


def edit(root, change):
    document = json.loads((root / STATE).read_bytes())
    change(document)
    put(root, STATE, json.dumps(document, indent=4, ensure_ascii=False))


def test_a_state_changed_by_hand_is_imported(root, form):
    """A file of the task's own has the last word on its status."""
    edit(root, lambda document: document["tasks"][B].update(status="blocked", blocked_reason="by hand"))
    assert vtm(root, "replay", "--check").code == 1
    answer = vtm(root, "note", B, "after")
    assert (answer.code, answer.err) == (
        0,
        f"vtm: {B} was changed by hand; the journal says so from now on\n",
    )
    assert [event["event"] for event in events(root)[-2:]] == ["import", "note"]
    assert state(root)[B]["status"] == {"manifest": "blocked", "files": "pending"}[form]
    assert state(root)[B]["blocked_reason"] == "by hand"
    assert_sound(root)


def test_what_is_unknown_stays_where_it_is(root):
    def change(document):
        entry = document["tasks"][A]
        document["tasks"] = {"OTHER--T01": {"x": 1.50, "status": "completed"}, A: entry}
        entry["mine"] = {"b": [1, {"a": "\u00e9\u2028"}], "a": None}
        document["first"], document["second"] = "\u00fc", {"z": 1, "a": 2}

    edit(root, change)
    text = (root / STATE).read_text("utf-8").replace("1.5,", "1.50e0,")
    put(root, STATE, text)
    keys = list(json.loads(text)), list(json.loads(text)["tasks"]), list(json.loads(text)["tasks"][A])
    assert vtm(root, "ac", A, "AC01").code == 0
    after = json.loads((root / STATE).read_bytes())
    assert (list(after), list(after["tasks"])[: len(keys[1])]) == (keys[0], keys[1])
    assert list(after["tasks"][A])[: len(keys[2])] == keys[2]
    assert after["tasks"][A]["mine"] == {"b": [1, {"a": "\u00e9\u2028"}], "a": None}
    assert (after["first"], after["second"]) == ("\u00fc", {"z": 1, "a": 2})
    assert b"1.50e0" in (root / STATE).read_bytes()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"tasks":', '"tasks": {}, "tasks":'),
        (f'"{A}":', f'"{A}": {{}}, "{A}":'),
        ('"status": "in-progress"', '"status": "in-progress", "stat\\u0075s": "in-progress"'),
    ],
    ids=["tasks", "task", "field"],
)
def test_a_key_that_stands_twice(root, old, new):
    text = json.dumps(json.loads((root / STATE).read_bytes()), indent=1)
    assert old in text
    put(root, STATE, text.replace(old, new, 1))
    answer = assert_nothing_happens(root, "note", A, "x")
    assert answer.code in {3, 4}
    assert answer.json["location"]["path"] == STATE


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"tasks": []}', '{"tasks": {"ALL--T01": []}}', "\ud800"]
)
def test_a_state_that_is_none(root, text):
    (root / STATE).write_bytes(text.encode("utf-8", "surrogatepass"))
    before = files(root)
    answer = vtm(root, "note", A, "x", "--json")
    if answer.code:
        assert files(root) == before
        assert (answer.code, answer.json["location"]["path"]) in {(3, STATE), (4, JOURNAL)}
    else:
        assert state(root)[A]["notes"].endswith("\nx")


@pytest.mark.parametrize("which", [STATE, JOURNAL])
@pytest.mark.parametrize("how", ["touched", "replaced", "removed"])
def test_a_file_that_changes_meanwhile(root, monkeypatch, which, how):
    """Somebody who holds no lock writes between reading and writing."""
    path, append = root / which, stores.Written.replace
    edited = {}

    def meanwhile(written, *given):
        if how == "touched":
            path.write_bytes(path.read_bytes() + b"\n")
        elif how == "replaced":
            path.rename(path.with_name("old"))
            path.write_bytes(path.with_name("old").read_bytes())
            path.with_name("old").unlink()
        else:
            path.unlink()
        edited.update(files(root))
        return append(written, *given)

    monkeypatch.setattr(stores.Written, "replace", meanwhile)
    answer = vtm(root, "note", A, "x", "--json")
    assert (answer.code, answer.json["code"]) == (4, "CHANGED-UNDERNEATH")
    assert answer.json["location"]["path"] == which
    assert files(root) == edited


# --- hostile text

TEXTS = {
    "control": HOSTILE.replace("\0", ""),
    "half a character": "a\ud800b",
    "no UTF-8": "a\udcffb",
    "long": "x" * 300_000,
    "line of a journal": '{"id":"1","at":"2026-01-01T00:00:00Z","task":"ALL--T01","event":"drop"}\n',
    "mark of a task": '"task":"ALL--T02"',
    "marker": "\n<<<<<<< ours\n",
    "invisible": "a\ufeff\u200b",
    "high": "\U0001f600\U0010ffff",
}
WITH_TEXT = {
    "note": [("note", A, "TEXT")],
    "attempt": [("attempt", A, "--failed", "TEXT")],
    "block": [("block", A, "--reason", "TEXT", "--tried", "TEXT", "--suggest", "TEXT")],
    "abandon, reopen": [("abandon", A, "--reason", "TEXT"), ("reopen", A, "--reason", "TEXT")],
    "reset": [("reset", A, "--reason", "TEXT")],
    "start": [("start", B, "--agent", "TEXT", "--session", "TEXT"), ("release", B, "--epoch", "1")],
    "claim": [("next", "--claim", "--agent", "TEXT", "--session", "TEXT"), ("note", B, "x", "--epoch", "1")],
    "agent of a note": [("note", A, "x", "--agent", "TEXT", "--session", "TEXT")],
    "allow": [("start", B, "--allow", "BLOCKED::WIP-LIMIT", "--reason", "TEXT")],
}
WRONG = {
    "task": ("note", "TEXT", "x"),
    "criterion": ("ac", A, "TEXT"),
    "dependency": ("waive", A, "TEXT", "--reason", "x"),
    "log": ("log", "TEXT"),
    "undo": ("undo", "TEXT"),
    "heartbeat": ("heartbeat", "TEXT", "--epoch", "1"),
    "code": ("start", B, "--allow", "TEXT", "--reason", "x"),
    "evidence": ("complete", A, "--evidence", "TEXT"),
    "covers": ("complete", A, "--tests-passed", "1", "--covers", "AC01=TEXT"),
    "covered": ("complete", A, "--tests-passed", "1", "--covers", "TEXT=tests"),
    "ttl": ("start", B, "--agent", "ada", "--ttl", "TEXT"),
    "now": ("note", A, "x", "--now", "TEXT"),
}
UNSAFE = [chr(code) for code in (*range(9), 11, 12, *range(14, 32), 127, 0x9B, 0x202E, 0x2028)]


def filled(command, text):
    return [each.replace("TEXT", text) for each in command]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("commands", WITH_TEXT)
def test_any_text_is_kept_as_valid_json(tmp_path, commands, text):
    root = two(tmp_path / "shop")
    before = len(events(root))
    for number, command in enumerate(WITH_TEXT[commands], 1):
        answer = vtm(root, *filled(command, TEXTS[text]), *(["--json"] if number % 2 else []))
        assert answer.code == 0, answer
        assert "Traceback" not in answer.err
        assert not [char for char in UNSAFE if char in answer.out + answer.err]
        assert len(events(root)) == before + number
        assert_sound(root)
    (root / JOURNAL).read_bytes().decode("utf-8")
    assert vtm(root, "log").code == 0
    assert vtm(root, "validate").code in {0, 1}
    assert vtm(root, "undo").code in {0, 4}
    assert_sound(root)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("command", WRONG)
def test_any_text_in_the_wrong_place_is_refused(tmp_path, command, text):
    root = two(tmp_path / "shop")
    before = files(root)
    for more in ([], ["--json"]):
        answer = vtm(root, *filled(WRONG[command], TEXTS[text]), *more)
        assert answer.code in {2, 3}, answer
        assert "Traceback" not in answer.err
        assert not [char for char in UNSAFE if char in answer.out + answer.err]
    assert files(root) == before
