"""Checkpoints: what they hold, and going back to them and forth again."""

import os
import shutil
import signal
from datetime import UTC, datetime

import pytest
from filelock import FileLock

from tests.checkpoints import JOURNAL, assert_same_entries, entries, files, foreign, go_on, ok, project
from tests.cli.processes import call
from tests.projects import MANIFEST, STATE, put
from tests.repositories import commit, copy_of, git, vtm
from vtm.app.app import App
from vtm.app.checkpoints import position_of
from vtm.app.sessions import sessions_of
from vtm.model.session import Session
from vtm.stores.journal import Journal
from vtm.stores.lock import MERGES

FORMS = pytest.mark.parametrize("form", ["manifest", "files"])


@pytest.fixture
def top(tmp_path):
    return copy_of(with_one, tmp_path / "top")


def with_one(top):
    """A project with the checkpoint `then`, and nothing since."""
    folder = project(top)
    ok(folder, "checkpoint", "create", "then")
    return folder


def rollback(folder, name="then", *more):
    return vtm(folder, "checkpoint", "rollback", name, "--json", *more)


def codes(answer):
    return [each["code"] for each in answer.json["obstacles"]]


def test_a_clone_with_the_tag_has_all_of_it(top, tmp_path):
    go_on(top)
    head = git(top, "rev-parse", "HEAD~1")
    git(tmp_path, "clone", "-q", str(top), "clone")
    shown = ok(tmp_path / "clone", "checkpoint", "show", "then", "--json").json
    assert (shown["checkpoint"]["commit"], shown["checkpoint"]["events"]) == (head, 1)
    kept = git(tmp_path / "clone", "show", f"vtm/checkpoint/then:{JOURNAL}").encode() + b"\n"
    assert [event.event for event in Journal(kept).read[0]] == ["start"]
    assert position_of(App.at(tmp_path / "clone"), "then").seen == {
        event.id for event in Journal(kept).read[0]
    }


def test_what_came_into_the_journal_since(top):
    go_on(top)
    events = Journal((top / JOURNAL).read_bytes()).read[0]
    position = position_of(App.at(top), "then")
    assert [event.event for event in position.since(reversed(events))] == [
        *("note", "start", "complete", "meet"),
    ]


@FORMS
def test_back_and_forth(tmp_path, form):
    folder = project(tmp_path / "top", form)
    then, files_then = entries(folder), files(folder)
    ok(folder, "checkpoint", "create", "then")
    go_on(folder)
    now, files_now, history = entries(folder), files(folder), git(folder, "rev-parse", "HEAD")
    lines = (folder / JOURNAL).read_bytes()

    done = rollback(folder, "then", "--apply").json
    assert (done["applied"], done["saved"], done["commit"]) == (
        *(True, "before-then"),
        git(folder, "rev-parse", "HEAD"),
    )
    assert_same_entries(entries(folder), then)
    assert files(folder) == files_then
    assert git(folder, "rev-parse", "HEAD~1") == history
    assert (folder / JOURNAL).read_bytes().startswith(lines)
    assert foreign(folder) == []

    assert rollback(folder, "before-then", "--apply").json["applied"]
    assert_same_entries(entries(folder), now)
    assert files(folder) == files_now
    assert ok(folder, "replay", "--json").json["sound"]
    assert ok(folder, "doctor").out == "Nothing is out of order.\n"


@FORMS
def test_a_preview_changes_nothing(tmp_path, form):
    folder = project(tmp_path / "top", form)
    ok(folder, "checkpoint", "create", "then")
    go_on(folder)
    before = {
        path: path.read_bytes()
        for path in folder.rglob("*.*")
        if path.is_file() and "/.git/" not in str(path)
    }
    refs = git(folder, "for-each-ref")
    answer = rollback(folder).json
    assert [each["subject"] for each in answer["commits"]] == ["Second"]
    assert answer["paths"] == ["src/a/edited.py", "src/a/kept.py", "src/a/new.py"]
    assert [(each["task_id"], each["now"], each["then"]) for each in answer["tasks"]] == [
        ("A--T01", "completed", "in-progress"),
        ("B--T01", "in-progress", "pending"),
        ("C--T01", "pending", "pending"),
    ]
    assert not answer["applied"]
    after = {
        path: path.read_bytes()
        for path in folder.rglob("*.*")
        if path.is_file() and "/.git/" not in str(path)
    }
    assert (before, refs) == (after, git(folder, "for-each-ref"))


def test_a_declared_task_that_was_not_there_yet(top):
    text = (top / MANIFEST).read_text("utf-8")
    put(top, MANIFEST, text.replace('"A--T01"', '"D--T01"').replace('"tasks": [', '"tasks": [', 1))
    commit(top, "Rename a task")
    ok(top, "start", "D--T01")
    assert rollback(top, "then", "--apply").json["applied"]
    assert (top / MANIFEST).read_text("utf-8") == text
    assert "D--T01" not in ok(top, "status", "--json").out
    assert rollback(top, "before-then", "--apply").json["applied"]
    assert ok(top, "show", "D--T01", "--json").json["status"] == "in-progress"


def test_nothing_to_restore_makes_no_commit(top):
    head = git(top, "rev-parse", "HEAD")
    answer = rollback(top, "then", "--apply").json
    assert (answer["applied"], answer["commit"], answer["tasks"]) == (True, "", [])
    assert git(top, "rev-parse", "HEAD") == head


def test_who_worked_then_holds_nothing_now(top):
    ok(top, "start", "B--T01", "--agent", "ada", "--ttl", "1h")
    epoch = entries(top)["B--T01"].epoch
    ok(top, "checkpoint", "create", "working")
    ok(top, "release", "B--T01", "--agent", "ada", "--epoch", str(epoch))
    assert rollback(top, "working", "--apply").json["applied"]
    assert vtm(top, "note", "B--T01", "x", "--agent", "ada", "--epoch", str(epoch)).code == 4
    assert ok(top, "start", "B--T01", "--agent", "bob", "--json").json["event"] == "takeover"


@pytest.mark.parametrize("apply", [(), ("--apply",)], ids=["preview", "apply"])
class TestObstacles:
    """Each of them: exit 1, named, and nothing changes."""

    def refused(self, folder, apply):
        head, lines, tags = (
            git(folder, "rev-parse", "HEAD"),
            (folder / JOURNAL).read_bytes(),
            git(folder, "tag"),
        )
        answer = rollback(folder, "then", *apply)
        assert answer.code == 1
        assert (head, lines, tags) == (
            *(git(folder, "rev-parse", "HEAD"), (folder / JOURNAL).read_bytes()),
            git(folder, "tag"),
        )
        return answer

    def test_completed_work_that_main_lacks(self, top, apply):
        git(top, "switch", "-q", "-c", "feat/A--T01")
        git(top, "commit", "-q", "--allow-empty", "-m", "Work")
        ok(top, "ac", "A--T01", "AC01")
        ok(top, "complete", "A--T01", "--tests-passed", "1", "--commit", "HEAD")
        git(top, "switch", "-q", "main")
        assert codes(self.refused(top, apply)) == ["UNMERGED-WORK::A--T01"]

    def test_a_lease(self, top, apply):
        ok(top, "start", "B--T01", "--agent", "ada")
        assert codes(self.refused(top, apply)) == ["BLOCKED::LEASE-HELD::B--T01"]

    def test_a_session(self, top, apply):
        now = datetime.now(UTC)
        sessions_of(App.at(top)).add(Session("B--T01:1", "B--T01", 1, 1, "command", now, now))
        assert codes(self.refused(top, apply)) == ["SESSION-ACTIVE"]

    def test_a_dirty_main(self, top, apply):
        put(top, "src/a/edited.py", "mine\n")
        assert codes(self.refused(top, apply)) == ["BLOCKED::DIRTY-GIT-STATUS"]
        assert (top / "src/a/edited.py").read_text("utf-8") == "mine\n"

    def test_another_branch(self, top, apply):
        git(top, "switch", "-q", "-c", "other")
        assert self.refused(top, apply).json["code"] == "BLOCKED::NOT-ON-MAIN-BRANCH"

    def test_a_merge_that_is_not_finished(self, top, apply):
        git(top, "switch", "-q", "-c", "other")
        git(top, "commit", "-q", "--allow-empty", "-m", "x")
        git(top, "switch", "-q", "main")
        git(top, "merge", "-q", "--no-ff", "--no-commit", "other")
        assert codes(self.refused(top, apply)) == ["UNFINISHED-IN-GIT"]


def test_a_worktree_with_other_work_is_named_and_stays(top, tmp_path):
    git(top, "worktree", "add", "-q", "-b", "feat/B--T01", str(tmp_path / "b"))
    git(tmp_path / "b", "commit", "-q", "--allow-empty", "-m", "Work")
    head = git(tmp_path / "b", "rev-parse", "HEAD")
    answer = rollback(top, "then", "--apply").json
    assert answer["worktrees"] == [{"path": str(tmp_path / "b"), "branch": "feat/B--T01"}]
    assert git(tmp_path / "b", "rev-parse", "HEAD") == head


def test_an_ignored_file_is_not_overwritten(top):
    git(top, "rm", "-q", "src/a/kept.py")
    put(top, ".gitignore", "kept.py\n")
    commit(top, "Ignore it")
    put(top, "src/a/kept.py", "mine\n")
    assert rollback(top, "then", "--apply").code == 5
    assert (top / "src/a/kept.py").read_text("utf-8") == "mine\n"
    (top / "src/a/kept.py").unlink()
    assert rollback(top, "then", "--apply").json["applied"]
    assert (top / "src/a/kept.py").read_text("utf-8") == "kept\n"


def test_only_one_moves_main_at_a_time(top):
    put(top, "vtm.toml", 'lock_wait = "0s"\n')
    commit(top)
    (top / ".git/vtm").mkdir(exist_ok=True)
    with FileLock(top / f".git/vtm/{MERGES}.lock"):
        answer = rollback(top, "then", "--apply")
    assert (answer.code, answer.json["code"]) == (4, "LOCKED")


KILLER = """#!/bin/sh
case "$*" in {when}) {before} ;; esac
'{real}' "$@"
code=$?
case "$*" in {when}) {after} ;; esac
exit $code
"""


def killing(folder, when, *, late):
    """A folder for PATH whose git kills its caller around one call: before git does its work, or after."""
    kill = "kill -9 $PPID; exit 1"
    text = KILLER.format(
        real=shutil.which("git"), when=when, before=":" if late else kill, after=kill if late else ":"
    )
    git_of_its_own = put(folder, "bin/git", text)
    git_of_its_own.chmod(0o755)
    return f"{git_of_its_own.parent}{os.pathsep}{os.environ['PATH']}"


@pytest.mark.parametrize(
    ("form", "when", "late"),
    [
        ("manifest", "mktag*", False),
        ("manifest", "*--ff-only*", False),
        ("files", "*--ff-only*", True),
        pytest.param("manifest", "update-ref*", False, marks=pytest.mark.soak),
        pytest.param("manifest", "update-ref*", True, marks=pytest.mark.soak),
        pytest.param("manifest", "*--ff-only*", True, marks=pytest.mark.soak),
        pytest.param("files", "*--ff-only*", False, marks=pytest.mark.soak),
    ],
)
def test_killed_at_any_step_it_is_finished_by_doing_it_again(tmp_path, form, when, late):
    folder = project(tmp_path / "top", form)
    then, files_then = entries(folder), files(folder)
    ok(folder, "checkpoint", "create", "then")
    go_on(folder)
    now, files_now = entries(folder), files(folder)
    path = killing(tmp_path, when, late=late)
    done = call(folder, "checkpoint", "rollback", "then", "--apply", env={"PATH": path})
    assert done.returncode == -signal.SIGKILL
    begun = when == "*--ff-only*"
    assert ok(folder, "checkpoint", "list", "--json").json["unfinished"] == ("then" if begun else "")
    if begun:
        other = rollback(folder, "before-then", "--apply")
        assert (other.code, other.json["code"]) == (1, "ROLLBACK-UNFINISHED")

    done = rollback(folder, "then", "--apply").json
    assert done["applied"]
    assert_same_entries(entries(folder), then)
    assert files(folder) == files_then
    assert foreign(folder) == []
    assert ok(folder, "checkpoint", "list", "--json").json["unfinished"] == ""
    assert git(folder, "log", "--format=%s").splitlines() == [
        "Roll back to checkpoint then",
        "Second",
        "First",
    ]
    undone = [
        event.task for event in Journal((folder / JOURNAL).read_bytes()).read[0] if event.event == "undo"
    ]
    assert undone == ["A--T01", "B--T01", "C--T01"]

    assert rollback(folder, done["saved"], "--apply").json["applied"]
    assert_same_entries(entries(folder), now)
    assert files(folder) == files_now


def begun(tmp_path):
    """A project in which a rollback was killed before main moved."""
    folder = project(tmp_path / "top")
    then = files(folder)
    ok(folder, "checkpoint", "create", "then")
    go_on(folder)
    env = {"PATH": killing(tmp_path, "*--ff-only*", late=False)}
    assert call(folder, "checkpoint", "rollback", "then", "--apply", env=env).returncode == -signal.SIGKILL
    return folder, then


def test_files_that_arrived_already_are_no_obstacle(tmp_path):
    folder, then = begun(tmp_path)
    put(folder, "src/a/kept.py", "kept\n")
    put(folder, "src/a/edited.py", "one\n")
    (folder / "src/a/new.py").unlink()
    assert rollback(folder, "then", "--apply").json["applied"]
    assert files(folder) == then
    assert foreign(folder) == []


def test_what_somebody_wrote_meanwhile_is_kept(tmp_path):
    folder, then = begun(tmp_path)
    put(folder, "src/a/edited.py", "mine\n")
    assert rollback(folder, "then", "--apply").code == 5
    assert (folder / "src/a/edited.py").read_text("utf-8") == "mine\n"
    git(folder, "checkout", "-q", "src/a/edited.py")
    assert rollback(folder, "then", "--apply").json["applied"]
    assert files(folder) == then


def test_state_that_no_commit_has_is_kept(top):
    git(top, "rm", "-q", "--cached", "--ignore-unmatch", STATE, JOURNAL)
    state = (top / STATE).read_bytes()
    ok(top, "checkpoint", "create", "more")
    assert git(top, "show", f"vtm/checkpoint/more:{STATE}").encode() + b"\n" == state
