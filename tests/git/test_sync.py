"""`vtm sync`: state and journal are committed on main, and nothing else."""

import json
import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from filelock import FileLock

from tests.cli.processes import call
from tests.git.merging import JOURNAL, TASKS, happen, try_git
from tests.projects import STATE, put, write
from tests.repositories import commit, git, repository, vtm
from vtm.app.app import App
from vtm.app.syncing import commit_own_files
from vtm.model.event import Kind


@pytest.fixture
def top(tmp_path):
    """A repository on main whose project is committed, with what has happened since."""
    folder = write(repository(tmp_path / "top"), TASKS, {})
    put(folder, "src/a.py", "1\n")
    commit(folder)
    happen(folder, Kind.NOTE, text="x")
    return folder


def committed(folder, revision="HEAD"):
    """Paths that a commit changes."""
    return git(folder, "show", "--format=", "--name-only", revision).splitlines()


def sync(folder, *arguments):
    return vtm(folder, "sync", "--json", *arguments)


def test_it_commits_state_and_journal(top):
    answer = sync(top)
    head = git(top, "rev-parse", "HEAD")
    assert answer.json == {
        "schema": "vtm.sync/1",
        "branch": "main",
        "paths": [STATE, JOURNAL],
        "commit": head,
        "dry_run": False,
        "code": "",
        "reason": "",
    }
    assert committed(top) == [JOURNAL, STATE]
    assert git(top, "log", "-1", "--format=%s") == "Record the state of tasks"
    assert git(top, "status", "--porcelain") == ""


def test_what_it_says(top):
    assert vtm(top, "sync", "--dry-run").out == f"Would commit on main:\n  {STATE}\n  {JOURNAL}\n"
    answer = vtm(top, "sync", "--message", "# Mine\n\nMore")
    head = git(top, "rev-parse", "--short=12", "HEAD")
    assert answer.out == f"Committed {head} on main:\n  {STATE}\n  {JOURNAL}\n"
    assert git(top, "log", "-1", "--format=%B") == "# Mine\n\nMore"
    assert vtm(top, "sync") == (0, "Nothing to commit: main has state and journal as they are.\n", "")


def test_dry_run_changes_nothing(top):
    before = git(top, "rev-parse", "HEAD"), git(top, "status", "--porcelain")
    assert sync(top, "--dry-run").json["paths"] == [STATE, JOURNAL]
    assert (git(top, "rev-parse", "HEAD"), git(top, "status", "--porcelain")) == before


def test_what_is_staged_stays_staged_and_is_not_in_it(top):
    put(top, "src/a.py", "2\n")
    put(top, "src/b.py", "")
    git(top, "add", "src")
    put(top, "src/a.py", "3\n")
    put(top, "c.txt", "")
    git(top, "add", STATE)
    assert sync(top).code == 0
    assert committed(top) == [JOURNAL, STATE]
    assert git(top, "status", "--porcelain").splitlines() == ["MM src/a.py", "A  src/b.py", "?? c.txt"]
    assert git(top, "show", ":src/a.py") == "2"


def test_a_staged_state_that_is_as_it_was_again_is_nothing_to_commit(top):
    (top / JOURNAL).unlink()
    git(top, "add", STATE)
    put(top, STATE, git(top, "show", f"HEAD:{STATE}"))
    answer = sync(top)
    assert (answer.code, answer.json["paths"], answer.json["commit"]) == (0, [], "")


def test_a_state_that_is_ignored_is_not_committed(top):
    put(top, ".gitignore", "*.jsonl\n")
    assert sync(top).json["paths"] == [STATE]


def test_a_state_that_is_gone_is_not_committed(top):
    sync(top)
    (top / STATE).unlink()
    assert sync(top).json["paths"] == []


def test_the_first_commit_of_all(tmp_path):
    top = write(repository(tmp_path, commit_first=False), TASKS, {})
    put(top, "a.txt", "")
    git(top, "add", "a.txt")
    assert sync(top).json["paths"] == [STATE]
    assert committed(top) == [STATE]
    assert "A  a.txt" in git(top, "status", "--porcelain")


def test_hooks_do_not_refuse_it(top):
    for name in ("pre-commit", "commit-msg"):
        hook = top / ".git/hooks" / name
        put(top, f".git/hooks/{name}", "#!/bin/sh\nexit 1\n")
        hook.chmod(0o755)
    assert sync(top).code == 0


def test_from_a_linked_worktree_it_commits_in_the_main_one(top):
    git(top, "worktree", "add", "-q", "-b", "feature", "../linked")
    put(top.parent / "linked", STATE, "{}")
    assert sync(top.parent / "linked").json["branch"] == "main"
    assert committed(top, "main") == [JOURNAL, STATE]
    assert git(top.parent / "linked", "status", "--porcelain") == f"M {STATE}"


def test_in_a_project_below_the_top(tmp_path):
    top = repository(tmp_path)
    write(top / "sub dir", TASKS, {})
    assert sync(top / "sub dir").json["paths"] == [f"sub dir/{STATE}"]


# --- refused


def _branch(top):
    git(top, "switch", "-qc", "feature")


def _detached(top):
    git(top, "checkout", "-q", "--detach")


def _parted(top):
    git(top, "switch", "-qc", "side")
    put(top, "src/a.py", "2\n")
    git(top, "commit", "-qm", "Side", "src")
    git(top, "switch", "-q", "main")
    put(top, "src/a.py", "3\n")
    git(top, "commit", "-qm", "Main", "src")


def _during(*command):
    def arrange(top):
        _parted(top)
        git(top, "add", "-A")
        git(top, "stash", "-q")
        assert try_git(top, *command, "side").code == 1
        put(top, STATE, '{"tasks": {"A--T02": {"notes": "x"}}}')

    return arrange


REFUSED = {  # name: what is there, code, what the message says
    "branch": (_branch, "BLOCKED::NOT-ON-MAIN-BRANCH", "feature is checked out, and the main branch is main"),
    "detached": (_detached, "DETACHED-HEAD", "no branch is checked out"),
    "merge": (_during("merge"), "UNFINISHED-IN-GIT", "a merge is not finished"),
    "rebase": (_during("rebase"), "UNFINISHED-IN-GIT", "a rebase is not finished"),
    "cherry-pick": (_during("cherry-pick"), "UNFINISHED-IN-GIT", "a cherry-pick is not finished"),
}


@pytest.mark.parametrize("more", [[], ["--dry-run"]], ids=["", "dry-run"])
@pytest.mark.parametrize("name", REFUSED)
def test_refused(name, more, top):
    arrange, code, reason = REFUSED[name]
    arrange(top)
    before = git(top, "rev-parse", "HEAD"), git(top, "status", "--porcelain")
    answer = sync(top, *more)
    assert (answer.code, answer.json["code"]) == (1, code)
    assert reason in answer.json["message"]
    quiet = commit_own_files(App.at(top), "Not now")
    assert (quiet.code, quiet.commit) == (code, "")
    assert reason in quiet.reason
    assert quiet.notices == [f"state and journal were not committed: {quiet.reason}"]
    assert (git(top, "rev-parse", "HEAD"), git(top, "status", "--porcelain")) == before


def test_another_main_branch(top):
    _branch(top)
    put(top, "vtm.toml", '[git]\nmain = ["trunk", "feature"]\n')
    assert sync(top).json["branch"] == "feature"


def test_outside_git(tmp_path):
    write(tmp_path, TASKS, {})
    answer = sync(tmp_path)
    assert (answer.code, answer.json["code"]) == (2, "NOT-A-REPOSITORY")
    assert commit_own_files(App.at(tmp_path), "x").code == "NOT-A-REPOSITORY"


def test_an_empty_message(top):
    assert sync(top, "--message", " \n").code == 2


def test_somebody_else_holds_the_index(top):
    put(top, ".git/index.lock", "")
    before = (top / ".git/index").read_bytes()
    answer = sync(top)
    assert (answer.code, answer.json["code"]) == (5, "GIT-FAILED")
    assert "index.lock': File exists" in answer.json["message"]
    (top / ".git/index.lock").unlink()
    assert (top / ".git/index").read_bytes() == before
    assert sync(top).code == 0


def test_a_commit_that_fails_leaves_nothing_staged(top):
    git(top, "config", "user.name", "<>")
    answer = sync(top)
    assert (answer.code, answer.json["code"]) == (5, "GIT-FAILED")
    assert git(top, "status", "--porcelain").splitlines() == [f"M {STATE}", f"?? {JOURNAL}"]
    assert git(top, "diff", "--cached", "--name-only") == ""


def test_somebody_else_writes_the_state(top):
    put(top, "vtm.toml", 'lock_wait = "0s"\n')
    (top / ".git/vtm").mkdir()
    with FileLock(top / ".git/vtm/state.lock"):
        assert (sync(top).code, sync(top, "--dry-run").code) == (4, 0)
    assert sync(top).code == 0


def test_many_at_once(top):
    """They wait for each other: one commits, the others find nothing to commit."""
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: call(top, "sync", "--json"), range(4)))
    assert [each.returncode for each in done] == [0] * 4
    assert sum(bool(json.loads(each.stdout)["commit"]) for each in done) == 1


def test_what_a_hook_has_set_for_its_own_repository_does_not_count(top, monkeypatch):
    monkeypatch.setenv("GIT_DIR", os.devnull)
    monkeypatch.setenv("GIT_INDEX_FILE", os.devnull)
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Somebody")
    assert sync(top).code == 0
    monkeypatch.delenv("GIT_DIR")
    monkeypatch.delenv("GIT_INDEX_FILE")
    assert git(top, "log", "-1", "--format=%an") == "Somebody"


EACH = '[git]\ncommit_state = "each"\n'


def test_each_change_is_committed_where_that_is_set(top):
    put(top, "vtm.toml", EACH)
    commit(top)
    before = git(top, "rev-list", "--count", "HEAD")
    put(top, "src/a.py", "2\n")
    git(top, "add", "src/a.py")
    task = TASKS[0]["task_id"]
    for text in ("one", "two"):
        assert vtm(top, "note", task, text).code == 0
    assert int(git(top, "rev-list", "--count", "HEAD")) == int(before) + 2
    assert set(committed(top)) == {STATE, JOURNAL}
    assert git(top, "status", "--porcelain") == "M  src/a.py"


def test_on_another_branch_the_change_counts_and_is_not_committed(top):
    put(top, "vtm.toml", EACH)
    commit(top)
    git(top, "switch", "-q", "-c", "feature")
    answer = vtm(top, "note", TASKS[0]["task_id"], "one")
    assert answer.code == 0
    assert "were not committed" in answer.err
    assert vtm(top, "replay", "--check").code == 0
    assert STATE in git(top, "status", "--porcelain")
