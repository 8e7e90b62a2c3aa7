"""What happens to tasks that have files of their own, when people and errors come in between."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.projects import STATE, criteria, put, task, write
from tests.repositories import vtm
from tests.state.projects import JOURNAL, assert_sound, events, files, state
from tests.task_files import edit_by_hand, path_of, put_exactly, write_files
from vtm.app import file_edits
from vtm.model.box_ids import renumbered
from vtm.model.task import Criterion, FileTask
from vtm.sources.markdown_task import read_task

A, B = "A--T01", "B--T01"
BECAUSE = ("--reason", "because")


@pytest.fixture
def root(tmp_path):
    """Two tasks, the boxes of the second have no ids; both run."""
    tasks = [task(each, acceptance_criteria=criteria(each, "one", "two")) for each in (A, B)]
    root = write_files(tmp_path / "shop", tasks)
    put(root, "vtm.toml", "wip_limit = 0\n")
    return root


def done(root, *arguments):
    answer = vtm(root, *arguments, "--json")
    assert answer.code == 0, answer
    return answer.json


def codes(root):
    return [each["code"] for each in json.loads(vtm(root, "validate", "--json").out)["findings"]]


def refused(root, code, *command, **edit):
    """A command that is refused, and leaves everything as it was."""
    before = files(root)
    answer = vtm(root, *command, "--json", **edit)
    assert (answer.code, files(root)) == (code, before), answer
    return answer.json


def test_what_was_edited_by_hand_counts_and_is_written_down(root):
    done(root, "start", B)
    edit_by_hand(root, B, "blocked", box=1)
    assert f"WARN::STATE-DISAGREES::{B}" in codes(root)
    shown = done(root, "show", B)
    assert (shown["status"], shown["state"]["acs_completed"]) == ("blocked", ["AC02"])
    answer = vtm(root, "note", B, "looked at it")
    assert (answer.code, answer.err) == (
        0,
        f"vtm: {B} was changed by hand; the journal says so from now on\n",
    )
    assert [each["event"] for each in events(root)] == ["start", "import", "note"]
    assert f"WARN::STATE-DISAGREES::{B}" not in codes(root)
    assert state(root)[B]["status"] == "blocked"
    assert state(root)[B]["notes"] == "looked at it"
    assert_sound(root)


def test_times_that_were_edited_by_hand_count(root):
    done(root, "start", A)
    path = path_of(root, A)
    at = done(root, "show", A)["state"]["started_at"]
    path.write_bytes(path.read_bytes().replace(at.encode(), b"2026-01-02 03:04:05+01:00"))
    done(root, "ac", A, "AC01")
    assert datetime.fromisoformat(state(root)[A]["started_at"]) == datetime(2026, 1, 2, 2, 4, 5, tzinfo=UTC)
    assert b"started_at: 2026-01-02 03:04:05+01:00\n" in path.read_bytes()
    assert_sound(root)


def test_a_state_that_was_edited_by_hand_does_not(root):
    done(root, "start", A)
    document = json.loads((root / STATE).read_text("utf-8"))
    document["tasks"][A] |= {"status": "completed", "notes": "mine"}
    put(root, STATE, json.dumps(document))
    assert vtm(root, "doctor", "--fix").code == 0
    assert (state(root)[A]["status"], state(root)[A]["notes"]) == ("in-progress", "mine")
    assert_sound(root)


FRONT = "---\nid: C\ntest_verification: [tests/test_a.py]\n{}---\n- [ ] one\n"
NOT_SPLICED = {
    # name: front matter beside the id, exit code
    "a key twice": ("status: pending\nstatus: pending\n", 2),
    "invalid": ("status: [pending\n", 2),
    "a tab before a comment": ("status: pending\t# now\n", 3),
    "an anchor": ("status: &now pending\nx: *now\n", 3),
    "a merge": ("x: &x {status: pending}\n<<: *x\n", 3),
}


@pytest.mark.parametrize("dry", [[], ["--dry-run"]], ids=["", "dry run"])
@pytest.mark.parametrize(("front", "code"), NOT_SPLICED.values(), ids=NOT_SPLICED)
def test_what_cannot_be_edited_without_a_doubt_is_refused(front, code, dry, root):
    put_exactly(root, "tasks/c.md", FRONT.format(front))
    done(root, "note", A, "begun")
    for command in (["start", "C"], ["block", "C", *BECAUSE, "--tried", "t", "--suggest", "s"]):
        found = refused(root, code, *command, *dry)
        assert "tasks/c.md" in json.dumps(found)
        assert found["fix"]
    assert "C" not in state(root)


@pytest.mark.parametrize("front", [front for front, code in NOT_SPLICED.values() if code == 3])
def test_a_note_needs_no_edit(front, root):
    path = put_exactly(root, "tasks/c.md", FRONT.format(front))
    done(root, "note", "C", "seen")
    assert path.read_bytes() == FRONT.format(front).encode()
    assert_sound(root)


def written_meanwhile(path):
    path.write_bytes(path.read_bytes() + b"- [ ] more\n")


def replaced_meanwhile(path):
    other = path.with_suffix(".new")
    other.write_bytes(path.read_bytes())
    other.replace(path)


def deleted_meanwhile(path):
    path.unlink()


def folder_meanwhile(path):
    path.unlink()
    path.mkdir()


MEANWHILE = [written_meanwhile, deleted_meanwhile, folder_meanwhile]


@pytest.mark.parametrize("meanwhile", [*MEANWHILE, replaced_meanwhile])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_file_that_changes_meanwhile_is_not_overwritten(when, meanwhile, root, monkeypatch):
    done(root, "note", A, "begun")
    path, read = path_of(root, A), file_edits.Watched.read
    known, journal = (root / STATE).read_bytes(), (root / JOURNAL).read_bytes()

    def reading(*given):
        if when == "before":
            meanwhile(path)
        found = read(*given)
        if when == "after":
            meanwhile(path)
        return found

    monkeypatch.setattr(file_edits.Watched, "read", reading)
    answer = vtm(root, "start", A, "--json")
    if (when, meanwhile) == ("before", replaced_meanwhile):
        assert answer.code == 0  # what was read is what is there
        return
    assert answer.code == (3 if (when, meanwhile) == ("before", folder_meanwhile) else 4), answer
    assert ((root / STATE).read_bytes(), (root / JOURNAL).read_bytes()) == (known, journal)


def test_of_two_files_with_one_id_the_first_counts(root):
    second = put_exactly(root, "tasks/zz.md", f"---\nid: {A}\nstatus: completed\n---\n- [x] one\n")
    before = second.read_bytes()
    assert "GAP::DUPLICATE-TASK-ID" in " ".join(codes(root))
    done(root, "block", A, *BECAUSE, "--tried", "t", "--suggest", "s")
    assert done(root, "show", A)["status"] == "blocked"
    assert b"status: blocked" in path_of(root, A).read_bytes()
    assert second.read_bytes() == before
    assert vtm(root, "replay", "--check").code == 0


def test_a_mixed_project(tmp_path):
    """Tasks of a manifest and of files, which depend on each other; an id may have folders."""
    listed = task("M--T01", needs=["api/v1/login"])
    root = write(tmp_path, [listed, task("M--T02")])
    write_files(root, [task("api/v1/login", needs=["M--T02"])])
    put(root, "vtm.toml", "wip_limit = 0\n")
    put(root, "tests/test_m.py", "")
    put(root, "tests/test_api/v1/login.py", "")
    assert done(root, "next")["task_id"] == "M--T02"
    refused(root, 1, "start", "api/v1/login")
    for each in ("M--T02", "api/v1/login", "M--T01"):
        done(root, "start", each, "--agent", "ada")
        done(root, "ac", each, "AC01", "--epoch", "1")
        done(root, "complete", each, "--tests-passed", "1", "--epoch", "1")
    assert {each["status"] for each in state(root).values()} == {"completed"}
    assert_sound(root)
    assert vtm(root, "doctor").code == 0
    assert done(root, "reconcile")["changes"] == 0


def test_words_of_the_folder_are_kept(root):
    put_exactly(root, "tasks/d.md", FRONT.format("status: done\n").replace("id: C", "id: D"))
    for each in ("E", "F"):
        put_exactly(root, f"tasks/{each}.md", FRONT.format("status: todo\n").replace("id: C", f"id: {each}"))
    done(root, "reopen", "D", *BECAUSE)
    assert b"status: todo\n" in (root / "tasks/d.md").read_bytes()
    done(root, "abandon", "E", *BECAUSE)
    assert b"status: abandoned\n" in (root / "tasks/E.md").read_bytes()


def test_ids_of_plain_boxes_stay_once_they_are_written_down(root):
    done(root, "start", B)
    done(root, "ac", B, "AC02")
    path = path_of(root, B)
    edited = path.read_bytes().replace(b"- [ ] one\r\n", b"- [ ] zero\r\n- [ ] one\r\n")
    path.write_bytes(edited.replace(b"] two", b"] second"))
    shown = done(root, "show", B)
    assert {each["id"]: each["text"] for each in shown["acceptance_criteria"]} == {
        "AC03": "zero",
        "AC01": "one",
        "AC02": "second",
    }
    assert shown["state"]["acs_completed"] == ["AC02"]
    done(root, "ac", B, "AC03")
    assert b"- [x] zero\r\n- [ ] one\r\n- [x] second\r\n" in path.read_bytes()
    done(root, "ac", B, "AC02", "--undo")
    assert b"- [x] zero\r\n- [ ] one\r\n- [ ] second\r\n" in path.read_bytes()
    assert state(root)[B]["criteria"] == {"AC03": "zero", "AC01": "one", "AC02": "second"}


TEXTS = st.lists(st.sampled_from("abcdefg"), max_size=6)


def task_with(texts, own=()):
    """A task whose boxes have these texts, numbered by position, behind those with ids of their own."""
    taken = [*own]
    given_ids = [each for each in (f"AC{n:02}" for n in range(1, 40)) if each not in taken][: len(texts)]
    found = [*(Criterion(each, "own") for each in own), *map(Criterion, given_ids, texts)]
    return FileTask(
        task_id="A",
        acceptance_criteria=tuple(found),
        met=tuple(given_ids[::2]),
        numbered=tuple(given_ids),
    )


def given_in(found):
    return {each.id: each.text for each in found.acceptance_criteria if each.id in found.numbered}


@given(st.lists(TEXTS, min_size=2, max_size=4), st.sets(st.sampled_from(["AC01", "AC02", "AC05"])))
def test_ids_of_boxes_stay(versions, own):
    """However boxes are inserted, reworded, put in another order and removed."""
    remembered = {}
    for texts in versions:
        plain = task_with(texts, sorted(own))
        found = renumbered(plain, remembered)
        ids = [each.id for each in found.acceptance_criteria]
        assert len(set(ids)) == len(ids)
        assert [each.text for each in found.acceptance_criteria] == [
            each.text for each in plain.acceptance_criteria
        ]
        where = [each.id for each in plain.acceptance_criteria]
        assert [ids[where.index(each)] for each in plain.met] == list(found.met)
        now = given_in(found)
        for text in {*texts}:
            before = [name for name, each in remembered.items() if each == text and name not in own]
            kept = [name for name, each in now.items() if each == text and name in before]
            assert len(kept) == min(len(before), texts.count(text))
        assert renumbered(found, now) == found
        assert given_in(renumbered(plain, now)) == now
        remembered = now


def test_a_file_that_is_not_read_is_no_task_that_is_gone(root):
    done(root, "note", A, "mine")
    path = path_of(root, A)
    sound = path.read_bytes()
    path.write_bytes(sound.replace(b"---\n", b"---\nstatus: done\n", 1))
    assert read_task("a.md", path.read_bytes()).task is None
    for arguments in ([], ["--apply"]):
        found = refused(root, 3, "reconcile", *arguments)
        assert found["location"]["path"].endswith(f"{A}.md")
    path.write_bytes(sound)
    assert done(root, "reconcile", "--apply")["changes"] == 0
    path.unlink()
    assert done(root, "reconcile", "--apply")["gone"][0]["task_id"] == A
    path.write_bytes(sound.replace(b"status: pending", b"status: blocked"))
    assert done(root, "reconcile", "--apply")["restored"]
    assert (state(root)[A]["status"], state(root)[A]["notes"]) == ("blocked", "mine")
    assert b"status: blocked" in path.read_bytes()
    assert vtm(root, "replay", "--check").code == 0


def test_a_look_writes_nothing(root):
    """Not even where a writer died between journal and file."""
    done(root, "start", B)
    before = {name: data for name, data in files(root).items() if name != "task-events.jsonl"}
    done(root, "block", B, *BECAUSE, "--tried", "t", "--suggest", "s")
    put_exactly(root, STATE, before["task-state.json"].decode())
    name = path_of(root, B).relative_to(root).as_posix()
    put_exactly(root, name, before[name].decode())
    crashed = files(root)
    for command in (["doctor"], ["reconcile"], ["replay"], ["next"], ["list"], ["validate"], ["log"]):
        vtm(root, *command)
        assert files(root) == crashed, command
    assert vtm(root, "doctor", "--fix").code == 0
    assert state(root)[B]["status"] == "blocked"
    assert_sound(root)


def test_what_was_accepted_of_a_file_edited_by_hand_survives_a_crash(root):
    """The entry of the state never was what the file said, nor has it seen the event."""
    done(root, "start", A)
    edit_by_hand(root, A, "completed")
    before = files(root)
    done(root, "reopen", A, *BECAUSE)
    put_exactly(root, STATE, before["task-state.json"].decode())
    name = path_of(root, A).relative_to(root).as_posix()
    put_exactly(root, name, before[name].decode())
    done(root, "note", B, "goes on")
    assert (state(root)[A]["status"], state(root)[A]["notes"]) == ("pending", "Reopened: because")
    assert [each["event"] for each in events(root)] == ["start", "import", "reopen", "note"]
    assert_sound(root)


def test_a_hand_edit_after_a_crash_wins(root):
    done(root, "start", B)
    known = files(root)["task-state.json"]
    done(root, "block", B, *BECAUSE, "--tried", "t", "--suggest", "s")
    put_exactly(root, STATE, known.decode())
    edit_by_hand(root, B, "abandoned")
    assert vtm(root, "doctor", "--fix").code == 0
    done(root, "note", B, "and on")
    assert state(root)[B]["status"] == "abandoned"
    assert state(root)[B]["blocked_reason"] == "because"
    assert_sound(root)


def test_doctor_removes_what_a_writer_left_behind(root):
    done(root, "note", A, "begun")
    left = put_exactly(root, f"tasks/phase-1/.{A}.md.abcd_123.tmp", "half")
    mine = put_exactly(root, "tasks/.mine.md", "mine")
    answer = vtm(root, "doctor", "--json")
    assert (answer.code, [each["ailment"] for each in answer.json["left"]]) == (1, ["temporary"])
    assert vtm(root, "doctor", "--fix").code == 0
    assert (left.exists(), mine.exists()) == (False, True)


def test_thousands_of_files_that_are_done_are_not_imported(tmp_path):
    for number in range(1500):
        text = f"---\nid: T{number:04}\nstatus: done\n---\n- [x] one\n- [x] two\n"
        put_exactly(tmp_path, f"tasks/{number:04}.md", text)
    (tmp_path / "docs/backlog").mkdir(parents=True)
    done(tmp_path, "reopen", "T0007", *BECAUSE)
    assert [each["event"] for each in events(tmp_path)] == ["import", "reopen"]
    assert state(tmp_path).keys() == {"T0007"}
    for command in (["doctor", "--fix"], ["reconcile", "--apply"], ["migrate", "--apply"], ["log"]):
        before = files(tmp_path)
        assert vtm(tmp_path, *command).code == 0, command
        assert files(tmp_path) == before, command
    assert_sound(tmp_path, [f"T{number:04}" for number in range(1500)])
    entries = {f"T{number:04}": {"status": "completed"} for number in range(1500)}
    put(tmp_path, STATE, json.dumps({"tasks": entries}))
    (tmp_path / JOURNAL).unlink()
    before = {name: data for name, data in files(tmp_path).items() if name.startswith("tasks/")}
    done(tmp_path, "note", "T0003", "x")
    assert len(events(tmp_path)) == 1501
    assert before.items() <= files(tmp_path).items()


RESOLVER = (*BECAUSE, "--tried", "t", "--suggest", 'ask: "é" # \u2028 - [ ] no box', "--create-resolver")


def test_a_resolver_gets_a_file_beside(root):
    before = path_of(root, B).read_bytes()
    planned = files(root)
    done(root, "block", B, *RESOLVER, "--dry-run")
    assert files(root) == planned
    assert done(root, "block", B, *RESOLVER)["resolver"] == f"resolve-{B}"
    added = path_of(root, f"resolve-{B}")
    assert added.parent == path_of(root, B).parent
    read = read_task("r.md", added.read_bytes())
    assert (read.task.description, read.defects) == ('ask: "é" # \u2028 - [ ] no box', ())
    now = path_of(root, B).read_bytes()
    assert now == before.replace(b"'pending'", b"'blocked'").replace(
        b"# for now\r\n", f"# for now\r\ndepends_on:\r\n  - resolve-{B}\r\n".encode()
    )
    done(root, "unblock", B)
    done(root, "block", B, *RESOLVER)
    assert len(list((root / "tasks").rglob("*.md"))) == 3
    assert vtm(root, "replay", "--check").code == 0


def test_a_resolver_of_a_file_that_cannot_be_edited_is_refused(root):
    put_exactly(root, "tasks/c.md", FRONT.format("x: &x {depends_on: []}\n<<: *x\n"))
    refused(root, 3, "block", "C", *RESOLVER)
