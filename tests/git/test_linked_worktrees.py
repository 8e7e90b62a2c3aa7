"""From a linked worktree, vtm writes the main worktree's files and looks at the caller's."""

import pytest

from tests.projects import STATE, criteria, put, task, write
from tests.repositories import commit, git, repository, vtm

TASKS = (
    task("A--T01", acceptance_criteria=criteria("A--T01", "It works")),
    task("B--T01", test_verification=["tests/only_here.py"]),
)
JOURNAL = "docs/backlog/task-events.jsonl"


@pytest.fixture
def places(tmp_path, monkeypatch):
    """The main worktree and a linked one, on a branch of its own."""
    for name in ("AGENT", "SESSION", "EPOCH"):
        monkeypatch.delenv(f"VTM_{name}", raising=False)
    main = repository(tmp_path / "main", commit_first=False)
    write(main, TASKS, {})
    put(main, "tests/test_a.py", "")
    commit(main)
    git(main, "worktree", "add", "-q", "-b", "feature", str(tmp_path / "linked"))
    return main, tmp_path / "linked"


CHANGES = {
    "claim": ("next --claim --agent ada",),
    "start": ("start A--T01",),
    "ac": ("start A--T01", "ac A--T01 AC01"),
    "note": ("note A--T01 hello",),
    "attempt": ("start A--T01", "attempt A--T01 --failed x"),
    "block": ("block A--T01 --reason r --tried t --suggest s --create-resolver",),
    "unblock": ("block A--T01 --reason r --tried t --suggest s", "unblock A--T01"),
    "abandon": ("abandon A--T01 --reason r",),
    "reset": ("start A--T01", "reset A--T01"),
    "release": ("start A--T01", "release A--T01"),
    "undo": ("note A--T01 hello", "undo"),
    "report-back": ("start A--T01", "report-back ../report.json"),
    "handoff": ("handoff A--T01 --write ../handoff.json",),
    "read": ("read A--T01 docs/specs/shop.md",),
    "rehash": ("rehash",),
    "reconcile": ("reconcile --apply",),
    "doctor": ("doctor --fix",),
}


@pytest.mark.parametrize("commands", CHANGES.values(), ids=CHANGES)
def test_the_linked_worktree_stays_as_it_was(commands, places):
    main, linked = places
    put(
        main.parent,
        "report.json",
        '{"task_id": "A--T01", "status": "in-progress", "acs_completed": ["AC01"]}',
    )
    handoff = '{"done": ["it"], "files": [], "next": ["more"], "constraints": [], "tests": []}'
    put(main.parent, "handoff.json", handoff)
    before = {path: path.read_bytes() for path in (linked / STATE).parent.iterdir()}
    for each in commands:
        answer = vtm(linked, *each.split())
        assert answer.code == 0, answer.err
    assert git(linked, "status", "--porcelain") == ""
    assert {path: path.read_bytes() for path in (linked / STATE).parent.iterdir()} == before
    assert vtm(linked, "list", "--json") == vtm(main, "list", "--json")


def test_what_shows_that_it_is_done_is_the_callers(places):
    main, linked = places
    put(linked, "tests/only_here.py", "")
    done = commit(linked, "Work")
    for each in ("start B--T01", "ac B--T01 AC01"):
        assert vtm(linked, *each.split()).code == 0
    asked = ("complete", "B--T01", "--run", "test -f tests/only_here.py", "--commit", "HEAD")
    refused = vtm(main, *asked, "--json")
    assert refused.code == 1
    assert "BLOCKED::MISSING-TESTS::B--T01" in {each["code"] for each in refused.json["findings"]}
    answer = vtm(linked, *asked, "--covers", "AC01=tests/only_here.py", "--json")
    assert answer.code == 0
    assert answer.json["state"]["evidence"]["commit"] == done
    assert "B--T01" in (main / JOURNAL).read_text("utf-8")


def test_a_receipt_is_of_the_worktree_in_which_it_was_read(places):
    main, linked = places
    assert vtm(linked, "read", "A--T01").code == 0
    codes = {
        folder: {
            each["code"] for each in vtm(folder, "start", "A--T01", "--dry-run", "--json").json["findings"]
        }
        for folder in places
    }
    assert ("WARN::INCOMPLETE-CONTEXT-READ::A--T01" in codes[main], codes[linked]) == (True, set())


def test_leases_are_shared(places):
    main, linked = places
    assert vtm(linked, "start", "A--T01", "--agent", "ada").code == 0
    refused = vtm(main, "note", "A--T01", "hello", "--json")
    assert (refused.code, refused.json["code"]) == (4, "BLOCKED::LEASE-HELD::A--T01")
    assert vtm(main, "note", "A--T01", "hello", "--epoch", "1").code == 0
