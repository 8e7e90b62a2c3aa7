"""Hand-overs say what is known, and what somebody wrote comes back as it was."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cli.test_commands import checked
from tests.projects import HOSTILE, STATE, criteria, put, task, write
from tests.repositories import commit, git, repository, vtm
from vtm.app.app import App
from vtm.app.handing_over import latest_handoff
from vtm.model.event import Handoff

JOURNAL = "docs/backlog/task-events.jsonl"
FIELDS = ("done", "files", "next", "constraints", "tests")
NOTES = {
    "done": ["the parser reads lists"],
    "files": ["src/a/parser.py"],
    "next": ["read nested lists", "then measure"],
    "constraints": ["keep the order of keys"],
    "tests": ["12 passed, none for nested lists"],
}


@pytest.fixture
def root(tmp_path):
    """A project outside git with one task in progress."""
    tasks = [
        task(
            "A--T01",
            risk="High",
            needs=["B--T01"],
            acceptance_criteria=criteria("A--T01", "It works", "It logs"),
            file_scope=["src/a/**"],
            conflicts_with=["C--T01"],
        ),
        task("B--T01"),
    ]
    root = write(tmp_path / "shop", tasks, {"B--T01": {"status": "completed"}})
    assert vtm(root, "start", "A--T01", "--agent", "ada").code == 0
    return root


def asked(root, name="A--T01"):
    answer = vtm(root, "handoff", name, "--json")
    assert (answer.code, answer.err) == (0, "")
    return checked(answer)


def write_down(root, text, *options, name="A--T01"):
    put(root, "notes.txt", text if isinstance(text, str) else json.dumps(text))
    return vtm(root, "handoff", name, "--write", "notes.txt", *options, "--json")


def latest(root):
    app = App.at(root)
    return latest_handoff(app, app.backlog["A--T01"])


# --- what is known


def test_work_that_has_begun(root):
    vtm(root, "ac", "A--T01", "AC01", "--epoch", "1")
    vtm(root, "attempt", "A--T01", "--failed", "test_lists", "--epoch", "1")
    found = asked(root)
    assert {name: found[name] for name in FIELDS} == {
        "done": ["A--T01-AC01: It works"],
        "files": [],
        "next": ["meet A--T01-AC02: It logs"],
        "constraints": [
            "change only files in src/a/**",
            "not at the same time as C--T01",
            "tests first: the risk is High",
            "keep to docs/specs/shop.md",
        ],
        "tests": ["no result of tests is recorded", "failed: test_lists", "to pass: tests/test_a.py"],
    }
    assert (found["status"], found["epoch"], found["written"]) == ("in-progress", 1, None)


BLOCKED = '{"task_id": "A--T01", "status": "blocked", "epoch": 1, "files_modified": ["src/a/x.py"], '
BLOCKED += (
    '"test_results": {"passed": 3, "failed": 2, "command": "make"}, "acs_completed": ["AC01", "AC02"], '
)
BLOCKED += '"blockers": [{"reason": "No mail server", "suggestion": "ask for one"}]}'


def test_work_that_was_reported_as_blocked(root):
    put(root, "report.json", BLOCKED)
    assert vtm(root, "report-back", "report.json").code == 0
    found = asked(root)
    assert found["files"] == ["src/a/x.py"]
    assert found["next"] == ["resolve what blocks it: No mail server", "suggested: ask for one"]
    assert found["tests"][0] == "3 passed, 2 failed (make)"


def test_work_that_is_done(root):
    vtm(root, "ac", "A--T01", "AC01", "AC02", "--epoch", "1")
    assert asked(root)["next"] == ["complete it: all criteria are met"]
    put(root, "tests/test_a.py", "")
    vtm(
        root,
        *("complete", "A--T01", "--tests-passed", "3", "--commit", "abc1234", "--pr", "7", "--epoch", "1"),
    )
    found = asked(root)
    assert found["next"] == ["review and merge pull request 7"]
    assert found["tests"][0] == "3 passed at commit abc1234"


def test_a_dependency_that_is_open_again(root):
    assert vtm(root, "reopen", "B--T01", "--reason", "x").code == 0
    assert asked(root)["next"][0] == "wait for B--T01, which is pending"


def test_files_are_those_of_the_callers_branch(tmp_path):
    main = repository(tmp_path / "main", commit_first=False)
    write(main, [task("A--T01")], {})
    commit(main)
    git(main, "worktree", "add", "-q", "-b", "some-other", str(tmp_path / "linked"))
    put(tmp_path / "linked", "src/new.py", "")
    found = asked(tmp_path / "linked")
    assert (found["branch"], found["files"]) == ("some-other", ["src/new.py"])
    assert asked(main)["files"] == []


def test_files_are_those_of_the_tasks_branch_wherever_it_is_asked(tmp_path):
    main = repository(tmp_path / "main", commit_first=False)
    write(main, [task("A--T01"), task("B--T01")], {})
    commit(main)
    for name in ("A--T01", "B--T01"):
        git(main, "worktree", "add", "-q", "-b", f"feat/{name}", str(tmp_path / name))
        put(tmp_path / name, f"src/{name}.py", "")
    for folder in (main, tmp_path / "B--T01"):
        assert asked(folder)["files"] == ["src/A--T01.py"]


def test_without_git_it_is_answered_all_the_same(tmp_path, monkeypatch):
    main = repository(tmp_path / "main", commit_first=False)
    write(main, [task("A--T01")], {})
    monkeypatch.setenv("PATH", "/nowhere")
    answer = vtm(main, "handoff", "A--T01", "--json")
    assert (answer.code, checked(answer)["files"]) == (0, [])
    assert "answered without git" in answer.err


# --- what somebody wrote


def test_what_was_written_is_read_back(root):
    answer = write_down(root, NOTES, "--agent", "ada", "--epoch", "1")
    found = checked(answer)
    assert (answer.code, found["event"], found["changes"]) == (0, "handoff", [])
    read = asked(root)["written"]
    assert {name: read[name] for name in FIELDS} == NOTES
    assert (read["actor"], read["epoch"], read["id"]) == ("ada", 1, found["id"])
    assert Handoff(**{name: getattr(latest(root), name) for name in FIELDS}) == Handoff(
        **{name: tuple(each) for name, each in NOTES.items()}
    )
    shown = vtm(root, "handoff", "A--T01").out
    assert all(f"- {each}\n" in shown for each in NOTES["next"])


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).map(str.strip).filter(bool)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.fixed_dictionaries({name: st.lists(TEXTS, max_size=3) for name in FIELDS}))
def test_whatever_was_written_is_read_back(root, notes):
    notes["next"].append("go on")
    assert write_down(root, notes, "--epoch", "1").code == 0
    read = asked(root)["written"]
    assert {name: read[name] for name in FIELDS} == notes


def test_the_answer_may_be_edited_and_given_back(root):
    found = asked(root)
    found["next"] = ["do it"]
    assert (
        write_down(root, f"Here it is:\n```json\n{json.dumps(found, indent=2)}\n```", "--epoch", "1").code
        == 0
    )
    assert asked(root)["written"]["next"] == ["do it"]


def test_the_latest_one_counts_and_one_that_was_undone_does_not(root):
    for each in ("first", "second", "third"):
        assert write_down(root, NOTES | {"next": [each]}, "--epoch", "1").code == 0
    assert latest(root).next == ("third",)
    assert vtm(root, "undo", "A--T01", "--epoch", "1").code == 0
    assert latest(root).next == ("second",)
    assert vtm(root, "undo", "A--T01", "--epoch", "1").code == 0  # the undo
    assert latest(root).next == ("third",)


def test_it_survives_the_lease_the_state_and_the_next_agent(root):
    assert write_down(root, NOTES, "--epoch", "1").code == 0
    assert vtm(root, "release", "A--T01", "--epoch", "1").code == 0
    assert vtm(root, "start", "A--T01", "--agent", "bob").code == 0
    assert asked(root)["written"]["next"] == NOTES["next"]
    assert vtm(root, "replay", "--check").code == 0
    assert "handoff" not in (root / STATE).read_text("utf-8")


@pytest.mark.parametrize("status", ["pending", "blocked", "completed", "abandoned"])
def test_in_any_status(status, tmp_path):
    root = write(tmp_path, [task("A--T01")], {"A--T01": {"status": status}})
    assert write_down(root, NOTES).code == 0
    assert asked(root)["status"] == status


def test_after_three_attempts(root):
    for _ in range(3):
        vtm(root, "attempt", "A--T01", "--failed", "x", "--epoch", "1")
    assert write_down(root, NOTES, "--epoch", "1").code == 0


def test_dry_run(root):
    before = (root / JOURNAL).read_bytes()
    answer = write_down(root, NOTES, "--epoch", "1", "--dry-run")
    assert (answer.code, checked(answer)["dry_run"]) == (0, True)
    assert (root / JOURNAL).read_bytes() == before


REFUSED = {  # to each name: the text, options, the exit code, the code of the error, a part of its message
    "no-json": (
        "I did it",
        ("--epoch", "1"),
        2,
        "NOT-A-REPORT",
        "holds no hand-over: there is no JSON object",
    ),
    "keys": ({"done": ["x"]}, (), 2, "NOT-A-REPORT", "lacks files, next, constraints, tests"),
    "unknown-key": (NOTES | {"todo": []}, (), 2, "NOT-A-REPORT", "keys that mean nothing: todo"),
    "kinds": (NOTES | {"done": [1]}, (), 2, "NOT-A-REPORT", "at `done[0]`"),
    "nothing": (dict.fromkeys(FIELDS, ()), (), 2, "NOT-A-REPORT", "neither what is done nor what is next"),
    "large": (NOTES | {"done": ["x" * 64_000]}, (), 2, "TOO-LARGE", "larger than 64 kB"),
    "of-another": (NOTES | {"task_id": "B--T01"}, ("--epoch", "1"), 2, "OTHER-TASK", "is one of B--T01"),
    "held": (NOTES, (), 4, "BLOCKED::LEASE-HELD::A--T01", "ada holds"),
    "stale": (NOTES, ("--epoch", "2"), 4, "BLOCKED::STALE-EPOCH::A--T01", "was never given out"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name, root):
    text, options, code, what, part = REFUSED[name]
    before = (root / JOURNAL).read_bytes()
    answer = write_down(root, text, *options)
    assert (answer.code, checked(answer)["code"]) == (code, what)
    assert part in checked(answer)["message"]
    assert (root / JOURNAL).read_bytes() == before


def test_of_an_unknown_task(root):
    assert vtm(root, "handoff", "A--T1").code == 2
    assert write_down(root, NOTES, name="A--T1").code == 2


def test_hostile_texts_do_not_reach_the_terminal(root):
    assert write_down(root, dict.fromkeys(FIELDS, (HOSTILE,)), "--epoch", "1", "--agent", HOSTILE).code == 0
    for form in ("text", "json"):
        shown = vtm(root, "handoff", "A--T01", "--format", form).out
        assert [each for each in shown if not (each.isprintable() or each == "\n")] == []
    assert asked(root)["written"]["next"] == [HOSTILE.strip()]
