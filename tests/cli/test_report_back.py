"""The report of a worker counts as far as it is right."""

import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cli.processes import COMMAND, environment
from tests.cli.test_commands import checked
from tests.projects import HOSTILE, STATE, criteria, put, task, write
from tests.repositories import commit, git, repository, vtm

JOURNAL = "docs/backlog/task-events.jsonl"
TASKS = (
    task(
        "A--T01",
        acceptance_criteria=criteria("A--T01", "It works", "It logs"),
        file_scope=["src/a/**", "tests/**"],
        test_verification=["tests/test_a.py"],
    ),
    task("B--T01", file_scope=[], test_verification=[]),
)
BOTH = ["A--T01-AC01", "A--T01-AC02"]
FILES = ["src/a/new.py", "tests/test_a.py"]
GREEN = {"passed": 3, "failed": 0, "command": "make test"}


def report(**more):
    """A report of a task that is done; `more` replaces or adds keys, None removes one."""
    whole = {
        "task_id": "A--T01",
        "status": "completed",
        "acs_completed": BOTH,
        "acs_remaining": [],
        "files_modified": FILES,
        "test_results": GREEN,
        "blockers": [],
        "duration_minutes": 12.5,
        **more,
    }
    return {key: value for key, value in whole.items() if value is not None}


@pytest.fixture
def main(tmp_path):
    """A project on main."""
    main = repository(tmp_path / "main", commit_first=False)
    write(main, TASKS, {})
    commit(main)
    return main


@pytest.fixture
def work(main):
    """The worktree of A--T01, with its work committed; nobody in particular has started it."""
    git(main, "worktree", "add", "-q", "-b", "feat/A--T01", str(main.parent / "linked"))
    work = main.parent / "linked"
    for each in FILES:
        put(work, each, "")
    commit(work, "Work")
    assert vtm(work, "read", "A--T01").code == 0
    assert vtm(work, "start", "A--T01").code == 0
    return work


@pytest.fixture
def plain(tmp_path):
    """The same outside git, where nothing is compared."""
    root = write(tmp_path / "shop", TASKS, {})
    put(root, "tests/test_a.py", "")
    for each in ("read", "start"):
        assert vtm(root, each, "A--T01").code == 0
    return root


def give(folder, text, *options, as_json=True):
    """The answer to a report, which is handed over in a file."""
    file = Path(folder).parent / "report.txt"
    data = text if isinstance(text, bytes) else (text if isinstance(text, str) else json.dumps(text)).encode()
    file.write_bytes(data)
    return vtm(folder, "report-back", str(file), *(["--json"] if as_json else []), *options)


def written(main):
    """Everything that is recorded."""
    return {path.name: path.read_bytes() for path in (main / STATE).parent.iterdir()}


def events(main):
    return [json.loads(line) for line in (main / JOURNAL).read_text("utf-8").splitlines()]


def codes(findings):
    return sorted(each["code"] for each in findings)


# --- applied in full


def test_completed(main, work):
    answer = give(work, report())
    found = checked(answer)
    assert (answer.code, found["outcome"], found["to"]) == (0, "applied", "completed")
    assert (found["missing"], found["findings"]) == ([], [])
    state = found["state"]
    assert (state["acs_completed"], state["acs_remaining"]) == (BOTH, [])
    assert state["evidence"] == {
        "tests_passed": 3,
        "command": "make test",
        "commit": git(work, "rev-parse", "HEAD"),
    }
    *_, last = events(main)
    assert (last["event"], last["from"], last["to"], last["more"]) == (
        "complete",
        "in-progress",
        "completed",
        0,
    )
    assert last["evidence"]["criteria"] == BOTH
    kept = last["evidence"]["report"]
    assert (kept["files"], kept["minutes"], kept["whole"]) == (FILES, 12.5, True)
    assert vtm(main, "replay", "--check").code == 0


@pytest.mark.parametrize("where", ["main", "another task's worktree"])
def test_whoever_gives_it_the_work_is_looked_at_where_it_is(where, main, work):
    folder = main
    if where != "main":
        folder = main.parent / "other"
        git(main, "worktree", "add", "-q", "-b", "feat/B--T01", str(folder))
    answer = give(folder, report())
    found = checked(answer)
    assert (answer.code, found["outcome"], found["findings"]) == (0, "applied", [])
    assert found["state"]["evidence"]["commit"] == git(work, "rev-parse", "HEAD")


def test_the_commit_is_that_of_the_branch_where_no_worktree_has_it(main, work):
    done = git(work, "rev-parse", "HEAD")
    git(main, "worktree", "remove", str(work))
    found = checked(give(main, report(status="in-progress")))
    assert found["outcome"] == "applied"
    *_, last = events(main)
    assert last["evidence"]["result"]["commit"] == done


def test_one_transition_that_undo_takes_back(main, work):
    before = len(events(main))
    give(work, report())
    assert len(events(main)) == before + 1
    assert vtm(work, "undo", "A--T01").code == 0
    entry = json.loads((main / STATE).read_text("utf-8"))["tasks"]["A--T01"]
    assert (entry["status"], entry.get("acs_completed", [])) == ("in-progress", [])
    assert checked(give(work, report()))["outcome"] == "applied"


def test_blocked(main, work):
    blockers = [
        {"reason": "No mail server", "tried": "two of them", "suggestion": "ask for a third"},
        "The specification is silent",
    ]
    answer = give(work, report(status="blocked", acs_completed=BOTH[:1], blockers=blockers))
    state = checked(answer)["state"]
    assert (answer.code, state["status"], state["acs_completed"]) == (0, "blocked", BOTH[:1])
    assert state["blocked_reason"] == "No mail server\nThe specification is silent"
    assert state["notes"] == "Tried: two of them\nSuggested: ask for a third"


def test_in_progress(main, work):
    answer = give(work, report(status="in-progress", acs_completed=["AC02"], test_results=None))
    found = checked(answer)
    assert (answer.code, found["outcome"], found["criteria"]) == (0, "applied", BOTH[1:])
    assert (found["to"], found["state"]["acs_remaining"]) == ("in-progress", BOTH[:1])
    again = checked(give(work, report(status="in-progress", acs_completed=["AC02"], test_results=GREEN)))
    assert (again["outcome"], again["event"]) == ("unchanged", None)


VARIANTS = {
    "done": {"status": "Done"},
    "in_progress": {"status": "in_progress", "to": "in-progress"},
    "failed": {"status": "failed", "blockers": "No mail server", "to": "blocked"},
    "ends-of-ids": {"acs_completed": ["AC01", "AC02"]},
    "whole-numbers": {"test_results": {"passed": 3.0, "failed": None}},
    "nulls": {"acs_remaining": "null", "epoch": "null"},
    "paths": {"files_modified": ["./src/a/new.py", "tests\\test_a.py"]},
    "objects-with-paths": {"files_modified": [{"path": each, "status": "complete"} for each in FILES]},
    "unknown-keys": {"model": "x", "acs": []},
}


@pytest.mark.parametrize("name", VARIANTS)
def test_variants(name, work):
    more = dict(VARIANTS[name])
    to = more.pop("to", "completed")
    text = json.dumps(report(**more)).replace('"null"', "null")
    found = checked(give(work, text))
    assert (found["outcome"], found["to"], found["findings"]) == ("applied", to, [])


def test_absolute_paths_of_the_worktree(work):
    assert checked(give(work, report(files_modified=[str(work / each) for each in FILES])))["findings"] == []


def test_found_in_chatty_text(work):
    text = f'I am done with "A--T01 {{ok}}.\n\n```json\n{json.dumps(report(), indent=2)}\n```\nBye {{"x": 1}}'
    answer = give(work, text)
    assert (answer.code, checked(answer)["outcome"]) == (0, "applied")
    assert "the object on line 25 was passed over: it lacks task_id and status" in answer.err


def test_from_standard_input(work, monkeypatch):
    monkeypatch.setattr("vtm.cli.named_input.read_stdin", lambda: json.dumps(report()).encode())
    assert checked(vtm(work, "report-back", "-", "--json"))["outcome"] == "applied"


def test_text_that_is_not_utf8(work):
    answer = give(work, b"\xff\xfe caf\xe9 " + json.dumps(report()).encode())
    assert (answer.code, checked(answer)["outcome"]) == (0, "applied")
    assert "is not all UTF-8; what is not was replaced" in answer.err


# --- completion that is not legal yet

MISSING = {  # to each name: the report, what keeps it from being completed, whether criteria are recorded
    "criteria-left": ({"acs_completed": BOTH[:1], "acs_remaining": BOTH[1:]}, ["BLOCKED::ACS-NOT-MET"], True),
    "criteria-not-named": (
        {"acs_completed": BOTH[:1], "acs_remaining": None},
        ["BLOCKED::ACS-NOT-MET"],
        True,
    ),
    "no-criteria": ({"acs_completed": None}, ["BLOCKED::ACS-NOT-MET"], False),
    "no-tests": ({"test_results": None}, ["BLOCKED::NO-EVIDENCE"], True),
    "no-test-passed": ({"test_results": {"passed": 0}}, ["BLOCKED::NO-EVIDENCE"], True),
    "tests-failed": ({"test_results": {"passed": 9, "failed": 1}}, ["BLOCKED::NO-EVIDENCE"], True),
}


@pytest.mark.parametrize("name", MISSING)
def test_completion_that_is_refused(name, plain):
    more, missing, recorded = MISSING[name]
    before = written(plain)
    answer = give(plain, report(**more))
    found = checked(answer)
    assert (answer.code, found["outcome"]) == (1, "partly" if recorded else "refused")
    assert codes(found["missing"]) == [f"{each}::A--T01" for each in missing]
    assert found["to"] == found["state"]["status"] == "in-progress"
    assert found["state"]["acs_completed"] == (more.get("acs_completed", BOTH) if recorded else None or [])
    assert (written(plain) == before) is not recorded
    told = give(plain, report(**more), as_json=False)
    assert (told.code, missing[0] in told.out) == (1, True)


def test_a_missing_test(main, work):
    (work / "tests/test_a.py").unlink()
    answer = give(work, report())
    found = checked(answer)
    assert (answer.code, found["outcome"]) == (1, "partly")
    assert codes(found["missing"]) == ["BLOCKED::MISSING-TESTS::A--T01"]
    state = written(main)
    again = checked(give(work, report()))
    assert (again["outcome"], written(main) == state) == ("refused", True)
    put(work, "tests/test_a.py", "")
    done = give(work, report())
    assert (done.code, checked(done)["outcome"]) == (0, "applied")


def test_the_same_gates_as_complete(main, work):
    """What `vtm complete` says of a task with all criteria met, a report of completion hears as well."""
    (work / "tests/test_a.py").unlink()
    vtm(work, "ac", "A--T01", *BOTH)
    refused = vtm(work, "complete", "A--T01", "--tests-passed", "0", "--commit", "HEAD", "--json")
    found = checked(give(work, report(test_results={"passed": 0}, files_modified=FILES)))
    assert codes(found["missing"]) == codes(each for each in refused.json["findings"] if each["blocking"])


def test_criteria_that_the_report_calls_open_are_not_met_for_it(work):
    assert vtm(work, "ac", "A--T01", *BOTH).code == 0
    found = checked(give(work, report(acs_completed=BOTH[:1], acs_remaining=BOTH[1:])))
    assert codes(found["missing"]) == ["BLOCKED::ACS-NOT-MET::A--T01"]


def test_attempts_that_are_used_up(main, work):
    for _ in range(3):
        assert vtm(work, "attempt", "A--T01", "--failed", "x").code == 0
    before = written(main)
    answer = give(work, report())
    assert (answer.code, checked(answer)["code"]) == (1, "BLOCKED::ATTEMPTS-EXHAUSTED::A--T01")
    assert written(main) == before
    assert give(work, report(status="blocked", blockers=["x"])).code == 0


# --- what the branch changed

ESCAPED, DIFFERS = "WARN::SCOPE-ESCAPE::A--T01", "WARN::REPORT-DIFFERS::A--T01"
FILES_CHANGED = {  # to each name: files beside the two, what the report names, the warnings
    "as-reported": ([], FILES, []),
    "not-named": (["src/a/more.py"], FILES, [DIFFERS]),
    "named-in-vain": ([], [*FILES, "src/a/none.py"], [DIFFERS]),
    "both": (["src/a/more.py"], [*FILES, "src/a/none.py"], [DIFFERS, DIFFERS]),
    "outside": (["lib/b.py"], [*FILES, "lib/b.py"], [ESCAPED]),
    "outside-and-not-named": (["lib/b.py"], FILES, [DIFFERS, ESCAPED]),
    "nothing-named": ([], None, [DIFFERS]),
}


@pytest.mark.parametrize("name", FILES_CHANGED)
def test_files(name, work):
    files, named, warnings = FILES_CHANGED[name]
    for each in files:
        put(work, each, "")
    answer = give(work, report(files_modified=named))
    assert (answer.code, codes(checked(answer)["findings"])) == (0, warnings)


@pytest.mark.parametrize("status", ["in-progress", "blocked"])
def test_files_of_a_task_that_is_not_completed(status, work):
    put(work, "lib/b.py", "")
    answer = give(work, report(status=status, blockers=["x"]))
    assert (answer.code, codes(checked(answer)["findings"])) == (0, [DIFFERS, ESCAPED])


def test_files_of_a_task_without_a_scope(work):
    assert vtm(work, "start", "B--T01", "--allow", "BLOCKED::DIRTY-GIT-STATUS", "--reason", "x").code == 0
    more = {"task_id": "B--T01", "acs_completed": ["AC01"], "files_modified": FILES[:1]}
    found = checked(give(work, report(**more)))
    assert found["outcome"] == "applied"
    said = [each["message"] for each in found["findings"] if each["code"].startswith("WARN::REPORT-DIFFERS")]
    assert said == ["feat/A--T01 changed files that the report does not name: tests/test_a.py"]


def test_outside_git_nothing_is_compared(plain):
    found = checked(give(plain, report(files_modified=["src/none.py"])))
    assert (found["outcome"], found["state"]["evidence"]) == (
        "applied",
        {"tests_passed": 3, "command": "make test"},
    )
    assert found["findings"] == []


# --- refused as a whole

REFUSED = {  # to each name: the report, the exit code, the code, a part of the message
    "unknown-task": ({"task_id": "A--T1"}, 2, "UNKNOWN-TASK", "no task A--T1"),
    "criteria-of-another": ({"acs_completed": ["B--T01-AC01"]}, 2, "UNKNOWN-CRITERION", "of B--T01, not of"),
    "open-criteria-of-another": ({"acs_remaining": ["B--T01-AC01"]}, 2, "UNKNOWN-CRITERION", "of B--T01"),
    "unknown-criterion": ({"acs_completed": ["AC09"]}, 2, "UNKNOWN-CRITERION", "no criterion AC09"),
    "in-both-lists": ({"acs_remaining": ["AC02"]}, 2, "CONTRADICTORY-REPORT", "A--T01-AC02 is met, and"),
    "epoch-to-come": (
        {"epoch": 2},
        4,
        "BLOCKED::STALE-EPOCH::A--T01",
        "epoch 2 of A--T01 was never given out",
    ),
    "epoch-of-before": ({"epoch": 0}, 4, "BLOCKED::STALE-EPOCH::A--T01", "epoch 0 of A--T01 is over"),
    "pending": (
        {"task_id": "B--T01", "acs_completed": [], "acs_remaining": []},
        4,
        "ILLEGAL-TRANSITION",
        "it is pending",
    ),
    "pending-blocked": (
        {"task_id": "B--T01", "status": "blocked", "blockers": ["x"], "acs_completed": []},
        4,
        "ILLEGAL-TRANSITION",
        "it is pending",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name, plain):
    more, code, what, part = REFUSED[name]
    before = written(plain)
    answer = give(plain, report(**more))
    found = checked(answer)
    assert (answer.code, found["code"]) == (code, what)
    assert part in found["message"]
    assert found["fix"]
    assert written(plain) == before


def test_two_epochs(main, work):
    before = written(main)
    answer = give(work, report(epoch=1), "--epoch", "2")
    assert (answer.code, checked(answer)["code"]) == (4, "BLOCKED::STALE-EPOCH::A--T01")
    assert written(main) == before
    assert give(work, report(epoch=1), "--epoch", "1").code == 0


NONE = {  # to each name: the text, a part of the message
    "empty": (b"", "there is no JSON object in it"),
    "prose": (b"I am done.", "there is no JSON object in it"),
    "list": (b"[1]", "there is no JSON object in it"),
    "other": (b'{"passed": 3}', "the object on line 1 lacks task_id and status"),
    "no-status": (b'\n{"task_id": "A--T01"}', "the object on line 2 lacks status"),
    "two": (
        b'{"task_id": "A"}\n{"status": "done"}',
        "line 1 lacks status; the object on line 2 lacks task_id",
    ),
    "status": (b'{"task_id": "A--T01", "status": "partial"}', "none of completed, blocked, in-progress"),
    "no-word": (b'{"task_id": "A--T01", "status": [1]}', "does not fit"),
    "nan": (b'{"task_id": "A--T01", "status": "done", "duration_minutes": NaN}', "is not JSON"),
    "infinite": (b'{"task_id": "A--T01", "status": "done", "duration_minutes": 1e999}', "out of range"),
    "huge": (b'{"task_id": "A--T01", "status": "done", "epoch": 1e30}', "at `epoch`"),
    "huge-count": (
        b'{"task_id": "A--T01", "status": "done", "test_results": {"passed": 99999999999999}}',
        "at `test_results.passed`",
    ),
    "negative": (
        b'{"task_id": "A--T01", "status": "done", "test_results": {"failed": -1}}',
        "at `test_results.failed`",
    ),
    "kinds": (b'{"task_id": "A--T01", "status": "done", "acs_completed": [{}]}', "at `acs_completed[0]`"),
    "blocked-by-nothing": (b'{"task_id": "A--T01", "status": "blocked", "blockers": [""]}', "lacks blockers"),
    "cut-off": (b'{"task_id": "A--T01", "status": "done", "acs_', "is never closed"),
    "large": (b'{"task_id": "A--T01", "status": "done", "x": "' + b"x" * 10**6 + b'"}', "larger than 1 MB"),
    "deep": (b'{"task_id": "A", "status": ' + b"[" * 10**5 + b"]" * 10**5 + b"}", "nested too deeply"),
    "half-a-character": (b'{"task_id": "\\ud800", "status": "done"}', "is not JSON"),
    "control-character": (b'{"task_id": "A\\u0000", "status": "done"}', "at `task_id`"),
    "binary": (bytes(range(256)) * 40, "there is no JSON object in it"),
    "utf-16": ('{"task_id": "A--T01"}'.encode("utf-16"), "there is no JSON object in it"),
}


@pytest.mark.parametrize("name", NONE)
def test_not_a_report(name, plain):
    text, part = NONE[name]
    before = written(plain)
    answer = give(plain, text)
    assert (answer.code, checked(answer)["code"]) == (2, "NOT-A-REPORT")
    assert part in checked(answer)["message"]
    assert written(plain) == before


FILE = {
    "missing": (lambda path: None, 3, "there is no file"),
    "folder": (lambda path: path.mkdir(), 3, "is a directory"),
    "very-large": (lambda path: path.write_bytes(b" " * 32_000_001), 2, "larger than 32 MB"),
}


@pytest.mark.parametrize("name", FILE)
def test_a_file_that_cannot_be_read(name, work):
    arrange, code, part = FILE[name]
    arrange(work.parent / "report.json")
    answer = vtm(work, "report-back", "../report.json", "--json")
    assert (answer.code, part in checked(answer)["message"]) == (code, True)


# --- twice


@pytest.mark.parametrize(
    "more",
    [{}, {"epoch": 1}, {"status": "blocked", "blockers": ["x"]}, {"status": "in-progress"}],
    ids=["completed", "with-an-epoch", "blocked", "in-progress"],
)
def test_twice(more, main, work):
    assert checked(give(work, report(**more)))["outcome"] == "applied"
    before = written(main)
    again = give(work, json.dumps(report(**more), indent=4))
    found = checked(again)
    assert (again.code, found["outcome"], found["event"]) == (0, "unchanged", None)
    assert written(main) == before
    assert "says nothing that is not known" in give(work, report(**more), as_json=False).out


def test_what_a_worker_has_recorded_itself_is_known(main, work):
    assert vtm(work, "ac", "A--T01", *BOTH).code == 0
    assert vtm(work, "complete", "A--T01", "--tests-passed", "3", "--commit", "HEAD").code == 0
    put(work, "lib/b.py", "")
    before = written(main)
    answer = give(work, report(epoch=1))
    found = checked(answer)
    assert (answer.code, found["outcome"], written(main) == before) == (0, "unchanged", True)
    assert codes(found["findings"]) == [DIFFERS, ESCAPED]


@pytest.mark.parametrize("status", ["in-progress", "blocked"])
def test_another_report_of_a_completed_task_is_refused(status, work):
    assert give(work, report()).code == 0
    answer = give(work, report(status=status, blockers=["x"]))
    assert (answer.code, checked(answer)["code"]) == (4, "ILLEGAL-TRANSITION")


def test_a_task_that_is_done_again_is_reported_again(work):
    assert give(work, report()).code == 0
    for each in ("reopen A--T01 --reason broken", "start A--T01 --allow BLOCKED::WIP-LIMIT --reason x"):
        assert vtm(work, *each.split()).code == 0
    found = checked(give(work, report()))
    assert (found["outcome"], found["to"]) == ("applied", "completed")


def test_a_late_copy_of_an_applied_report_changes_nothing(main, work):
    assert give(work, report(epoch=1)).code == 0
    for each in ("reopen A--T01 --reason broken", "start A--T01 --agent eve"):
        assert vtm(work, *each.split()).code == 0
    before = written(main)
    answer = give(work, report(epoch=1))
    assert (answer.code, checked(answer)["outcome"]) == (0, "unchanged")
    assert written(main) == before


def test_many_copies_at_once_are_one_report(plain):
    put(plain, "report.json", json.dumps(report()))
    command = [*COMMAND, "report-back", "report.json", "--json"]
    options = {"cwd": plain, "env": environment(), "stdout": subprocess.PIPE}
    running = [subprocess.Popen(command, **options) for _ in range(4)]
    found = [json.loads(each.communicate(timeout=60)[0])["outcome"] for each in running]
    assert sorted(found) == ["applied", "unchanged", "unchanged", "unchanged"]
    assert [each["event"] for each in events(plain)] == ["start", "complete"]


# --- leases


@pytest.fixture
def held(work):
    """The worktree of A--T01, which bob holds after ada."""
    assert vtm(work, "release", "A--T01").code == 0
    for agent in ("ada", "bob"):
        assert vtm(work, "start", "A--T01", "--agent", agent).code == 0
        if agent == "ada":
            assert vtm(work, "release", "A--T01", "--epoch", "2").code == 0
    return work


@pytest.mark.parametrize("more", [{}, {"epoch": 2}], ids=["no-epoch", "foreign-epoch"])
def test_held_by_somebody_else(more, main, held):
    before = written(main)
    answer = give(held, report(**more))
    found = checked(answer)
    assert answer.code == 4
    assert found["code"] in {"BLOCKED::LEASE-HELD::A--T01", "BLOCKED::STALE-EPOCH::A--T01"}
    kept = Path(found["message"].rpartition("the report is kept as ")[2])
    assert kept.parent == main / ".git" / "vtm" / "reports"
    assert json.loads(kept.read_text("utf-8")) == report(**more)
    assert written(main) == before
    assert checked(give(held, report(**more)))["message"] == found["message"]
    assert len(list(kept.parent.iterdir())) == 1
    assert vtm(main, "doctor").code == 0


def test_nothing_is_kept_of_a_rehearsal(main, held):
    answer = give(held, report(), "--dry-run")
    assert (answer.code, "kept" in answer.out) == (4, False)
    assert not (main / ".git" / "vtm" / "reports").exists()


def test_the_holder_reports(held):
    answer = give(held, report(epoch=3))
    assert (answer.code, checked(answer)["actor"]) == (0, "bob")


def test_a_report_keeps_the_lease_alive(held):
    far = ("--now", "2099-01-01T00:00:00Z")
    vtm(held, "heartbeat", "A--T01", "--epoch", "3", *far)
    found = checked(give(held, report(status="in-progress", acs_completed=[], epoch=3), *far))
    assert (found["outcome"], found["expires_at"]) == ("unchanged", "2099-01-01T00:30:00Z")


# --- without writing


def test_dry_run(main, work):
    before = written(main)
    answer = give(work, report(), "--dry-run")
    found = checked(answer)
    assert (answer.code, found["outcome"], found["dry_run"], found["to"]) == (0, "applied", True, "completed")
    assert written(main) == before
    assert "all of it would be recorded" in give(work, report(), "--dry-run", as_json=False).out


# --- tasks that are files


def test_a_task_that_is_a_file(tmp_path):
    text = "---\nid: a\nstatus: todo\ntest_verification: []\n---\n\n- [ ] it works\n- [ ] AC02 it logs\n"
    put(tmp_path / "shop", "tasks/a.md", text)
    assert vtm(tmp_path / "shop", "start", "a").code == 0
    half = report(task_id="a", acs_completed=["AC02"], files_modified=None)
    assert checked(give(tmp_path / "shop", half))["outcome"] == "partly"
    after = (tmp_path / "shop/tasks/a.md").read_text("utf-8")
    assert ("status: in-progress" in after, "- [ ] it works\n- [x] AC02" in after) == (True, True)
    whole = half | {"acs_completed": ["AC01", "AC02"]}
    assert checked(give(tmp_path / "shop", whole))["outcome"] == "applied"
    after = (tmp_path / "shop/tasks/a.md").read_text("utf-8")
    assert ("status: completed" in after, "- [x] it works\n- [x] AC02" in after) == (True, True)
    assert vtm(tmp_path / "shop", "replay", "--check").code == 0


# --- hostile texts


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["", "AC01", "x" * 2000, HOSTILE]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(report())), JUNK)
def test_whatever_stands_in_a_report(plain, key, junk):
    before = written(plain)
    answer = give(plain, json.dumps(report() | {key: junk}), "--dry-run")
    assert answer.code in {0, 1, 2}
    checked(answer)
    assert written(plain) == before


def test_hostile_texts_do_not_reach_the_terminal(work):
    hostile = report(
        status="blocked",
        blockers=[{"reason": HOSTILE, "tried": HOSTILE, "suggestion": HOSTILE}],
        files_modified=[HOSTILE, "../../etc/passwd"],
    )
    for text in (hostile, report(task_id=HOSTILE), f'{{"task_id": "{HOSTILE}"}}'):
        for as_json in (True, False):
            answer = give(work, text, as_json=as_json)
            shown = answer.out + answer.err
            assert [each for each in shown if not (each.isprintable() or each == "\n")] == []
    assert vtm(work, "show", "A--T01").code == 0
