"""What the commands of `vtm worktree` print, as text and as JSON, and how they end."""

import json
import re
import shutil
from datetime import UTC, datetime

import pytest

from tests.cli.test_commands import checked
from tests.git.worktrees import A, B, C, place, record, shop, work
from tests.projects import HOSTILE_ID, NOW, put, task
from tests.repositories import commit, git, vtm
from vtm.model.session import Session, session_id
from vtm.stores.sessions import SqliteSessions

MOMENT = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def root(tmp_path):
    return at_work(tmp_path)


@pytest.fixture(scope="module")
def looked_at(tmp_path_factory):
    """The same for all who only look."""
    return at_work(tmp_path_factory.mktemp("looked-at"))


def at_work(folder):
    """A project with worktrees: of A, at work, of C, clean, one that is locked, and one of a person."""
    root = shop(folder / "shop", more=[task("D--T01"), task(HOSTILE_ID)])
    for name in (A, C, "D--T01", HOSTILE_ID):
        assert vtm(root, "worktree", "make", "--now", NOW, "--", name).code == 0
    assert vtm(root, "start", A, "--agent", "ada").code == 0
    SqliteSessions(root / ".git/vtm").add(Session(session_id(A, 1), A, 1, 1, "command", MOMENT, MOMENT))
    work(root)
    put(place(root), "new", "x")
    put(place(root), "vtm.toml", "wip_limit = 1\n")
    git(root, "worktree", "lock", str(place(root, "D--T01")))
    git(root, "worktree", "add", "-q", "-b", "mine", str(root.parent / "mine"))
    put(root, "later", "x")
    commit(root)
    return root


def make(root):
    return root, "make", B, C, "D--T01"


def cleaned(root):
    return root, "cleanup"


def forced(root):
    return root, "cleanup", A, C, "--force"


def saved(root):
    put(place(root, C), "new", "x")
    vtm(root, "worktree", "cleanup", C, "--force")
    return root, "rescue", "--list"


def brought_back(root):
    saved(root)
    return root, "rescue", C


def nothing_saved(root):
    return root, "rescue"


def listed(root):
    return root, "list"


def nothing_listed(root):
    other = shop(root.parent / "other")
    return other, "list"


def nothing_cleaned(root):
    other = shop(root.parent / "other")
    return other, "cleanup"


def current(root):
    return place(root) / "docs", "current"


def current_on_main(root):
    return root, "current"


def current_of_nobody(root):
    return root.parent / "mine", "current"


def status(root):
    return place(root), "status"


def status_of_a_clean_one(root):
    return place(root, C), "status"


def status_on_main(root):
    return root, "status"


LOOKING = {
    listed: 0,
    current: 0,
    current_on_main: 1,
    current_of_nobody: 1,
    status: 0,
    status_of_a_clean_one: 0,
    status_on_main: 1,
}
CASES = {
    make: 1,
    cleaned: 0,
    forced: 1,
    saved: 0,
    brought_back: 0,
    nothing_saved: 0,
    nothing_listed: 0,
    nothing_cleaned: 0,
    **LOOKING,
}


def shown(text, root):
    """A text without what differs from run to run."""
    text = text.replace(str(root.parent), "<folder>")
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "<time>", text)
    return re.sub(r"\b[0-9a-f]{40}\b|\b[0-9a-f]{12}\b", "<commit>", text)


@pytest.mark.parametrize("case", CASES, ids=lambda each: each.__name__)
def test_text(case, request, snapshot):
    root = request.getfixturevalue("looked_at" if case in LOOKING else "root")
    folder, *arguments = case(root)
    answer = vtm(folder, "worktree", *arguments)
    assert (answer.code, answer.err) == (CASES[case], "")
    assert shown(answer.out, root) == snapshot


@pytest.mark.parametrize("case", CASES, ids=lambda each: each.__name__)
def test_json(case, request, snapshot):
    root = request.getfixturevalue("looked_at" if case in LOOKING else "root")
    folder, *arguments = case(root)
    answer = vtm(folder, "worktree", *arguments, "--json")
    assert (answer.code, answer.err) == (CASES[case], "")
    assert shown(json.dumps(checked(answer), indent=1), root) == snapshot


def entries(root):
    """The entries of the list, by task."""
    return {each["task"]: each for each in vtm(root, "worktree", "list", "--json").json["worktrees"]}


def test_the_list_says_how_each_stands(root):
    found = entries(root)
    one = found[A]
    assert (one["branch"], one["base"]) == (f"feat/{A}", git(root, "rev-parse", "main~1"))
    assert (one["ahead"], one["behind"], one["dirty"]) == (1, 1, 2)
    assert (one["session"], one["session_status"], one["owner"]) == (f"{A}:1", "active", "ada")
    assert (found[C]["ahead"], found[C]["dirty"], found[C]["session"]) == (0, 0, "")
    assert found["D--T01"]["trouble"] == "it is locked"
    assert found[""]["branch"] == "mine"
    assert set(found) == {A, C, "D--T01", HOSTILE_ID, ""}


def test_a_base_behind_main_is_warned_of_until_the_branch_has_caught_up(root):
    assert str(place(root)) in vtm(root, "worktree", "list", "--json").json["stale"]
    assert "warning: 1 commit of main came after its base" in vtm(root, "worktree", "list").out
    git(place(root), "stash", "-q", "-u")
    git(place(root), "merge", "-q", "main", "-m", "Catch up")
    assert str(place(root)) not in vtm(root, "worktree", "list", "--json").json["stale"]
    assert entries(root)[A]["behind"] == 0


def test_the_last_activity_is_the_latest_sign(root):
    at = entries(root)[C]["last_activity"]
    assert at == NOW
    file = put(place(root, C), "new", "x")
    found = entries(root)[C]
    assert (found["dirty"], found["last_activity"] >= at) == (1, True)
    file.unlink()
    SqliteSessions(root / ".git/vtm").add(
        Session(session_id(C, 1), C, 1, 1, "command", MOMENT, MOMENT.replace(hour=13))
    )
    assert entries(root)[C]["last_activity"] == "2026-03-10T13:00:00Z"


def test_the_list_says_what_is_gone(root):
    git(root, "worktree", "remove", str(place(root, C)))
    assert entries(root)[C]["trouble"] == f"it has no worktree now; `vtm worktree make {C}` makes it again"
    git(root, "branch", "-D", f"feat/{C}")
    assert entries(root)[C]["trouble"].startswith("its folder and its branch are gone")
    (place(root) / ".git").unlink()
    assert "its folder is gone" in entries(root)[A]["trouble"]


def test_the_list_says_where_one_went_that_was_moved(root):
    there = root.parent / "moved away"
    git(root, "worktree", "move", str(place(root, C)), str(there))
    found = entries(root)[C]
    back = f"git worktree move '{there}' {place(root, C)}"
    assert (found["path"], found["trouble"]) == (
        *(str(there), f"it was moved from where it was made; `{back}` brings it back"),
    )
    assert vtm(root, "worktree", "list", "--json").json["total"] == 5
    shutil.rmtree(there)
    assert entries(root)[C]["trouble"] == f"its folder is gone; `vtm worktree cleanup {C}` clears up"
    failed = vtm(root, "worktree", "make", C, "--json").json["failed"][0]
    assert (failed["code"], failed["fix"]) == (
        *("WORKTREE-BRANCH-TAKEN", f"it is gone: `vtm worktree cleanup {C}` lets git forget it"),
    )
    assert vtm(root, "worktree", "cleanup", C, "--json").json["worktrees"][0]["removed"]
    assert C not in entries(root)
    assert vtm(root, "worktree", "make", C).code == 0


def test_the_list_has_no_worktree_of_a_merge(root):
    git(root, "worktree", "add", "-q", "--detach", str(root / ".worktrees/.merge"))
    assert {each["branch"] for each in entries(root).values()} >= {f"feat/{A}", "mine"}
    assert not [each for each in entries(root).values() if each["path"].endswith(".merge")]


def test_the_task_is_known_without_a_record(root):
    (root / ".git/vtm/runtime.db").unlink()
    assert vtm(place(root), "worktree", "current", "--json").json["task"] == A
    git(place(root, C), "branch", "-m", f"work/{C}")
    assert vtm(place(root, C), "worktree", "current", "--json").json["task"] == C


def test_it_is_known_on_another_branch_by_its_record(root):
    git(place(root), "switch", "-q", "-c", "other")
    answer = vtm(place(root), "worktree", "status", "--json")
    assert (answer.code, answer.json["worktree"]["task"]) == (0, A)
    assert answer.json["worktree"]["trouble"] == f"other is checked out, and feat/{A} was made for its task"


@pytest.mark.parametrize("command", ["list", "current", "status", "cleanup", "rescue"])
def test_outside_git(command, tmp_path):
    put(tmp_path, "docs/backlog/virtual-task-manifest.json", '{"status": "OK", "tasks": []}')
    answer = vtm(tmp_path, "worktree", command, "--json")
    assert (answer.code, checked(answer)["code"]) == (2, "NOT-A-REPOSITORY")


@pytest.mark.parametrize(
    "command", [["rescue", "A--T1"], ["make", "A--T1"], ["cleanup", "A--T1"]], ids=" ".join
)
def test_an_unknown_task(command, root):
    answer = vtm(root, "worktree", *command, "--json")
    assert (answer.code, checked(answer)["code"], A in answer.json["fix"]) == (2, "UNKNOWN-TASK", True)


def test_the_gate_is_documented(root):
    record(root, **{A: {"status": "completed", "evidence": {"commit": "0" * 40}}})
    assert vtm(root, "worktree", "make", B).code == 1
    assert "main lacks the work of a dependency" in vtm(root, "explain", "DEPENDENCY-NOT-MERGED").out
