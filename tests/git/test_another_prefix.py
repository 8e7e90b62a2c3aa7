"""A worktree that was made with `--prefix`: everything that asks for the branch of its task finds it."""

import pytest

from tests.git.worktrees import A, B, place, shop
from tests.projects import put
from tests.repositories import commit, git, vtm
from vtm.app.app import App
from vtm.app.task_branches import branch_of_task, task_of_branch

PREFIX = "fix/"
BRANCH = PREFIX + A


@pytest.fixture
def root(tmp_path):
    """A task in progress, with work on its branch."""
    top = shop(tmp_path / "shop")
    assert vtm(top, "start", A).code == 0
    assert vtm(top, "worktree", "make", A, "--prefix", PREFIX).code == 0
    put(place(top, A, PREFIX), "src/a/new.py", "1\n")
    put(place(top, A, PREFIX), "tests/test_a.py", "")
    commit(place(top, A, PREFIX), "Work")
    return top


def complete(root):
    assert vtm(root, "ac", A, "AC01").code == 0
    done = vtm(place(root, A, PREFIX), "complete", A, "--tests-passed", "1", "--commit", "HEAD")
    assert done.code == 0, done.err


def test_to_main_and_away(root):
    complete(root)
    assert [each["branch"] for each in vtm(root, "merge", "--ready", "--json").json["merged"]] == [BRANCH]
    (gone,) = vtm(root, "worktree", "cleanup", "--json").json["worktrees"]
    assert (gone["branch"], gone["removed"], gone["branch_kept"]) == (BRANCH, True, False)
    assert git(root, "for-each-ref", "--format=%(refname)", "refs/heads") == "refs/heads/main"
    assert (root / "src/a/new.py").exists()


def test_branch_and_task_are_each_others(root):
    app = App.at(root)
    assert branch_of_task(app, A) == BRANCH
    found = [task_of_branch(app, each) for each in (BRANCH, f"feat/{B}", "fix/x", "")]
    assert [each and each.task_id for each in found] == [A, B, None, None]


def test_without_a_record_it_is_known_by_its_place(root):
    for each in (root / ".git/vtm").glob("runtime.db*"):
        each.unlink()
    assert branch_of_task(App.at(root), A) == BRANCH
    (found,) = vtm(root, "worktree", "cleanup", A, "--json").json["worktrees"]
    assert (found["branch"], found["code"]) == (BRANCH, "NOT-MERGED")
    (made,) = vtm(root, "worktree", "make", A, "--json").json["worktrees"]
    assert (made["branch"], made["created"]) == (BRANCH, False)
    assert branch_of_task(App.at(root), B) == f"feat/{B}"


def test_what_a_worker_is_told(root):
    text = vtm(root, "prompt", A).out
    assert f"branch: {BRANCH}" in text
    assert f"feat/{A}" not in text


def test_hooks_of_git_know_its_task(root):
    answer = vtm(place(root, A, PREFIX), "hook", "commit-msg", "vtm.toml")
    assert (answer.code, f"names no criterion of {A}" in answer.err) == (1, True)


def test_phases_have_its_files(root):
    paths = [each["path"] for each in vtm(root, "phase", "--json").json["files"]]
    assert paths == ["src/a/new.py", "tests/test_a.py"]


def test_a_safe_exit_commits_on_it(root):
    put(place(root, A, PREFIX), "src/a/half.py", "1\n")
    why = ("--wanted", "w", "--tried", "t", "--suggest", "s")
    answer = vtm(place(root, A, PREFIX), "notify", "Stuck", "--level", "blocking", *why, "--json")
    assert (answer.code, answer.json["task_id"], answer.json["branch"]) == (0, A, BRANCH), answer
    assert git(root, "status", "--porcelain", "src") == ""
    assert git(root, "ls-tree", "-r", "--name-only", BRANCH, "src").splitlines() == [
        "src/a/half.py",
        "src/a/new.py",
    ]


def test_what_depends_on_it_waits_for_it(root):
    answer = vtm(root, "worktree", "make", B, "--json")
    (failed,) = answer.json["failed"]
    assert (answer.code, failed["code"]) == (1, f"BLOCKED::DEPENDENCY-NOT-MERGED::{B}")
    assert BRANCH in failed["message"]


def test_no_checkpoint_is_gone_back_to_over_it(root):
    assert vtm(root, "checkpoint", "create", "then").code == 0
    complete(root)
    put(place(root, A, PREFIX), "src/a/later.py", "1\n")
    commit(place(root, A, PREFIX), "Later")
    answer = vtm(root, "checkpoint", "rollback", "then", "--json")
    (found,) = answer.json["obstacles"]
    assert (answer.code, found["code"]) == (1, f"UNMERGED-WORK::{A}")
    assert BRANCH in found["message"]
