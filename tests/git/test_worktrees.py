"""`vtm worktree make`: what it makes, and what it leaves alone when it cannot."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.cli.processes import COMMAND, ROOT, environment
from tests.git.worktrees import A, B, C, known, merge, place, record, shop, work
from tests.projects import put, task, write
from tests.repositories import commit, git, repository, spy_on_git, vtm
from vtm.app.app import App
from vtm.app.place_of_work import at_the_work, commit_of_work
from vtm.queries.commit_message import branch_of
from vtm.stores.worktrees import SqliteWorktrees

HOSTILE_IDS = (
    "a/../../b",
    "--force",
    "x" * 200,
    "漢" * 90,
    "Ünï--T01",
    "a.lock",
    "@{-1}",
    "$(x)`",
    "\u202eltr",
)


FULL = {"make": 5, "save": 1, "bring_back": 5}


@pytest.fixture
def root(tmp_path):
    return shop(tmp_path / "shop")


def make(root, *arguments):
    """What was made, and what was not: the answer, its code, and the first entry of either."""
    answer = vtm(root, "worktree", "make", *arguments, "--json")
    return answer.code, [*answer.json["worktrees"], *answer.json["failed"]][0]


def failure(root, *arguments):
    """Code and error of a call that fails and changes nothing git knows."""
    before, files = known(root), sorted((root / ".worktrees").glob("*/*"))
    code, found = make(root, *arguments)
    assert (known(root), sorted((root / ".worktrees").glob("*/*"))) == (before, files)
    assert found["message"]
    assert found["fix"]
    return code, found["code"]


# --- what is made


def test_branch_path_and_base_are_as_git_says_and_recorded(root):
    main = git(root, "rev-parse", "main")
    code, made = make(root, A)
    there = place(root)
    assert (code, made["created"]) == (0, True)
    assert (made["branch"], made["path"], made["base"]) == (f"feat/{A}", str(there), main)
    assert git(there, "rev-parse", "--abbrev-ref", "HEAD") == f"feat/{A}"
    assert git(there, "rev-parse", "HEAD") == main
    assert git(there, "status", "--porcelain") == ""
    (kept,) = SqliteWorktrees(root / ".git/vtm").all()
    assert (kept.task, kept.branch, kept.path, kept.base) == (A, f"feat/{A}", str(there), main)


def test_main_does_not_see_what_is_made(root):
    make(root, A)
    assert git(root, "status", "--porcelain") == ""
    git(root, "add", "-A")
    assert git(root, "diff", "--cached", "--name-only") == ""


def test_a_second_time_it_is_there(root):
    _, first = make(root, A)
    work(root)
    merge_base = first["base"]
    put(root, "other", "x")
    commit(root)
    before = known(root)
    assert make(root, A) == (0, {**first, "created": False, "base": merge_base})
    assert known(root) == before


def test_from_a_linked_worktree_it_is_made_beside_that(root):
    make(root, A)
    code, made = make(place(root), C)
    assert (code, made["path"]) == (0, str(place(root, C)))


def test_eight_at_once(tmp_path):
    names = [f"T--T{number:02}" for number in range(8)]
    root = shop(tmp_path / "shop", more=[task(name) for name in names])
    started = [
        subprocess.Popen(
            [*COMMAND, "worktree", "make", name], cwd=root, env=environment(), stderr=subprocess.PIPE
        )
        for name in names
    ]
    ends = [(process.communicate()[1], process.returncode) for process in started]
    assert ends == [(b"", 0)] * 8
    assert all(git(place(root, name), "status", "--porcelain", "-b") == f"## feat/{name}" for name in names)
    assert {each.task for each in SqliteWorktrees(root / ".git/vtm").all()} == set(names)


def test_several_of_which_one_cannot_be_made(root):
    record(root, **{A: {"status": "completed", "evidence": {"commit": "0" * 40}}})
    answer = vtm(root, "worktree", "make", B, C, "--json")
    assert answer.code == 1
    assert [each["task"] for each in answer.json["worktrees"]] == [C]
    assert [each["code"] for each in answer.json["failed"]] == [f"BLOCKED::DEPENDENCY-NOT-MERGED::{B}"]


@pytest.mark.parametrize("name", HOSTILE_IDS)
def test_any_id(tmp_path, name):
    root = shop(tmp_path / "shop", more=[task(name)])
    answer = vtm(root, "worktree", "make", "--json", "--", name)
    assert answer.code == 0, answer.out
    (made,) = answer.json["worktrees"]
    assert made["path"].startswith(str(root / ".worktrees/feat"))
    assert git(made["path"], "symbolic-ref", "--short", "HEAD") == branch_of(name)
    assert vtm(root, "worktree", "cleanup", "--", name).code == 0
    assert len(git(root, "worktree", "list").splitlines()) == 1


def test_few_processes(root, tmp_path, monkeypatch):
    log = spy_on_git(monkeypatch, tmp_path)
    make(root, C)
    assert [line.split()[0] for line in log.read_text("utf-8").splitlines()] == [
        "for-each-ref",
        "worktree",
        "rev-parse",
    ]


# --- branches that are there


def test_a_branch_that_is_free_is_used_as_it_is(root):
    base = git(root, "rev-parse", "main")
    git(root, "branch", f"feat/{A}")
    make(root, A)
    end = work(root)
    vtm(root, "worktree", "cleanup", A, "--force")
    put(root, "other", "x")
    commit(root)
    code, made = make(root, A)
    assert (code, made["created"], made["base"]) == (0, True, base)
    assert git(place(root), "rev-parse", "HEAD") == end


def test_a_branch_without_anything_in_common(root):
    tree = git(root, "rev-parse", "main^{tree}")
    git(root, "branch", f"feat/{A}", git(root, "commit-tree", tree, "-m", "Another first"))
    assert make(root, A)[1]["base"] == ""
    assert "nothing in common" in vtm(root, "worktree", "make", A).out


def test_a_worktree_that_was_deleted_by_hand_is_made_again(root):
    make(root, A)
    end = work(root)
    shutil.rmtree(place(root))
    code, made = make(root, A)
    assert (code, made["created"]) == (0, True)
    assert git(place(root), "rev-parse", "HEAD") == end


def test_what_a_dead_git_left_is_made_anew(root):
    """What lies there when git is killed while it makes a worktree."""
    git(root, "worktree", "add", "-q", "-b", f"feat/{A}", str(place(root)))
    (place(root) / "vtm.toml").unlink()
    git(root, "worktree", "lock", "--reason", "initializing", str(place(root)))
    assert make(root, A)[0] == 0
    assert git(place(root), "status", "--porcelain") == ""


# --- what cannot be


def taken_elsewhere(root):
    git(root, "worktree", "add", "-q", "-b", f"feat/{A}", str(root.parent / "elsewhere"))


def taken_by_main(root):
    git(root, "switch", "-q", "-c", f"feat/{A}")


def path_is_a_file(root):
    put(root, f".worktrees/feat/{A}", "x")


def path_is_a_folder(root):
    put(root, f".worktrees/feat/{A}/file", "x")


def path_is_a_broken_link(root):
    (root / ".worktrees/feat").mkdir(parents=True)
    place(root).symlink_to("nowhere")


def branch_is_gone(root):
    make(root, A)
    shutil.rmtree(place(root))
    git(root, "worktree", "prune")
    git(root, "branch", "-D", f"feat/{A}")


def branch_is_gone_under_it(root):
    make(root, A)
    git(place(root), "switch", "-q", "--detach")
    git(root, "branch", "-D", f"feat/{A}")


def head_is_elsewhere(root):
    make(root, A)
    git(place(root), "switch", "-q", "-c", "other")


def branch_below(root):
    git(root, "branch", f"feat/{A}/more")


def branch_above(root):
    git(root, "branch", "feat")


def detached(root):
    git(root, "switch", "-q", "--detach")


def on_another_branch(root):
    git(root, "switch", "-q", "-c", "other")


def no_main(root):
    git(root, "branch", "-m", "trunk")
    put(root, "vtm.toml", "[git]\ngate = false\n")


def locked_and_gone(root):
    make(root, A)
    git(root, "worktree", "lock", str(place(root)))
    shutil.rmtree(place(root))


def hook_fails(root):
    hook = put(root, ".git/hooks/post-checkout", "#!/bin/sh\nexit 3\n")
    hook.chmod(0o755)


def hook_switches(root):
    hook = put(root, ".git/hooks/post-checkout", "#!/bin/sh\ngit update-ref --no-deref HEAD HEAD\n")
    hook.chmod(0o755)


def worktrees_is_a_file(root):
    put(root, ".worktrees", "x")


OBSTACLES = {
    taken_elsewhere: (4, "WORKTREE-BRANCH-TAKEN"),
    taken_by_main: (1, "BLOCKED::NOT-ON-MAIN-BRANCH"),
    path_is_a_file: (4, "WORKTREE-PATH-TAKEN"),
    path_is_a_folder: (4, "WORKTREE-PATH-TAKEN"),
    path_is_a_broken_link: (4, "WORKTREE-PATH-TAKEN"),
    branch_is_gone: (4, "WORKTREE-BRANCH-GONE"),
    branch_is_gone_under_it: (4, "WORKTREE-BRANCH-GONE"),
    head_is_elsewhere: (4, "WORKTREE-OTHER-BRANCH"),
    branch_below: (4, "WORKTREE-BRANCH-CLASH"),
    branch_above: (4, "WORKTREE-BRANCH-CLASH"),
    detached: (1, "BLOCKED::NOT-ON-MAIN-BRANCH"),
    on_another_branch: (1, "BLOCKED::NOT-ON-MAIN-BRANCH"),
    no_main: (5, "NO-MAIN-BRANCH"),
    locked_and_gone: (5, "GIT-FAILED"),
    hook_fails: (5, "GIT-FAILED"),
    hook_switches: (5, "GIT-FAILED"),
    worktrees_is_a_file: (5, "NOT-WRITTEN"),
}


@pytest.mark.parametrize("obstacle", OBSTACLES, ids=lambda each: each.__name__)
def test_an_obstacle(root, obstacle):
    obstacle(root)
    assert failure(root, A) == OBSTACLES[obstacle]


PREFIXES = (
    "a b/",
    "../",
    "/abs/",
    "-x",
    "a//b/",
    "x.lock/",
    "a..b",
    "~/",
    "@{",
    ".hidden/",
    "\x1b[31m",
    "x" * 300,
)


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_prefix_that_makes_no_branch(root, prefix):
    before = known(root)
    answer = vtm(root, "worktree", "make", A, "--json", f"--prefix={prefix}")
    assert (answer.code, answer.json["code"]) == (2, "USAGE")
    assert known(root) == before


@pytest.mark.parametrize("prefix", ["", "work/", "ünï/", "a/b-"])
def test_another_prefix(root, prefix):
    code, made = make(root, A, f"--prefix={prefix}")
    assert (code, made["branch"], made["path"]) == (0, prefix + A, str(place(root, A, prefix)))
    assert make(root, A)[1]["branch"] == prefix + A, "what is recorded counts"


def test_under_another_prefix_the_work_is_found_from_main(root):
    make(root, A, "--prefix=work/")
    there = place(root, A, "work/")
    done = commit(there, "Work")
    app = App.at(root)
    assert at_the_work(app, A).project.work == there
    assert commit_of_work(app, A) == done


def test_an_unknown_task(root):
    answer = vtm(root, "worktree", "make", C, "A--T1", "--json")
    assert (answer.code, answer.json["code"]) == (2, "UNKNOWN-TASK")
    assert A in answer.json["fix"]
    assert not (root / ".worktrees").exists()


# --- dependencies


def test_main_lacks_the_recorded_commit(root):
    make(root, A)
    done = work(root)
    record(root, **{A: {"status": "completed", "evidence": {"commit": done}}})
    assert failure(root, B) == (1, f"BLOCKED::DEPENDENCY-NOT-MERGED::{B}")
    merge(root)
    code, made = make(root, B)
    assert (code, made["base"]) == (0, git(root, "rev-parse", "main"))


def squashed(root):
    git(root, "merge", "-q", "--squash", f"feat/{A}")
    commit(root, "All in one")
    put(root, "later", "x")
    commit(root)


def picked(root):
    git(root, "cherry-pick", f"main..feat/{A}")
    put(root, f"src/{A}.py", "changed since\n")
    commit(root)


@pytest.mark.parametrize("way", [squashed, picked], ids=lambda each: each.__name__)
def test_main_has_it_in_another_form(root, way):
    make(root, A)
    work(root)
    put(place(root), "more", "x")
    done = commit(place(root), "More")
    way(root)
    record(root, **{A: {"status": "completed", "evidence": {"commit": done}}})
    assert make(root, B)[0] == 0


@pytest.mark.parametrize("recorded", ["0" * 40, "abcdef1", "\x1b[31mnone", "HEAD"])
def test_a_recorded_commit_that_does_not_exist(root, recorded):
    record(root, **{A: {"status": "completed", "evidence": {"commit": recorded}}})
    assert failure(root, B) == (1, f"BLOCKED::DEPENDENCY-NOT-MERGED::{B}")
    assert "\x1b" not in vtm(root, "worktree", "make", B).out


def test_an_abbreviated_commit(root):
    record(
        root,
        **{A: {"status": "completed", "evidence": {"commit": git(root, "rev-parse", "--short", "main")}}},
    )
    assert make(root, B)[0] == 0


def test_without_a_recorded_commit_the_branch_counts(root):
    make(root, A)
    work(root)
    assert failure(root, B) == (1, f"BLOCKED::DEPENDENCY-NOT-MERGED::{B}")
    merge(root)
    assert make(root, B)[0] == 0


def test_a_waived_dependency_is_not_looked_at(root):
    make(root, A)
    work(root)
    record(root, **{B: {"waived": {A: "not needed"}}})
    assert make(root, B)[0] == 0


# --- where there is no such repository


def project(folder):
    write(folder, [task(A)], {})
    return folder


def outside_git(tmp_path):
    return project(tmp_path)


def bare(tmp_path):
    git(tmp_path, "init", "-q", "--bare")
    return project(tmp_path)


def no_commit(tmp_path):
    git(tmp_path, "init", "-q", "-b", "main")
    return project(tmp_path)


@pytest.mark.parametrize(
    ("place_", "code", "name"),
    [(outside_git, 2, "NOT-A-REPOSITORY"), (bare, 2, "BARE-REPOSITORY"), (no_commit, 5, "NO-COMMIT")],
)
def test_no_place_for_worktrees(place_, code, name, tmp_path):
    answer = vtm(place_(tmp_path), "worktree", "make", A, "--json")
    told = answer.json if "code" in answer.json else answer.json["failed"][0]
    assert (answer.code, told["code"]) == (code, name)
    assert told["fix"]
    assert not (tmp_path / ".worktrees/feat").exists()


def test_a_worktree_of_a_bare_repository(tmp_path):
    git(repository(tmp_path / "first"), "branch", "-M", "main")
    git(tmp_path, "clone", "-q", "--bare", "first", "bare.git")
    git(tmp_path / "bare.git", "worktree", "add", "-q", str(tmp_path / "main"), "main")
    root = project(tmp_path / "main")
    assert make(root, A)[1]["path"] == str(place(root))


def test_a_submodule(tmp_path):
    inner = shop(tmp_path / "inner")
    outer = repository(tmp_path / "outer")
    git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "sub")
    root = outer / "sub"
    assert make(root, A)[1]["path"] == str(place(root))
    assert git(root, "status", "--porcelain") == ""
    assert vtm(root, "worktree", "cleanup", A).code == 0


def test_a_main_with_changes_is_no_obstacle(root):
    put(root, "vtm.toml", "wip_limit = 0  # changed\n")
    put(root, "new", "x")
    assert make(root, A)[0] == 0
    assert git(place(root), "status", "--porcelain") == ""
    assert not (place(root) / "new").exists()


def test_without_git(root, monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    answer = vtm(root, "worktree", "make", A, "--json")
    assert (answer.code, answer.json["failed"][0]["code"]) == (5, "GIT-FAILED")


def test_a_database_that_cannot_be_used_leaves_nothing(root):
    make(root, C)
    before = known(root)
    (root / ".git/vtm/runtime.db").unlink()
    (root / ".git/vtm/runtime.db").mkdir()
    assert vtm(root, "worktree", "make", A).code == 5
    assert known(root) == before
    assert not place(root).exists()


@pytest.mark.usefixtures("bound_by_permissions")
def test_a_read_only_project(root):
    root.chmod(0o555)
    try:
        assert failure(root, A) == (5, "NOT-WRITTEN")
    finally:
        root.chmod(0o755)


def test_the_error_of_a_gate_is_told_as_text(root):
    record(root, **{A: {"status": "completed", "evidence": {"commit": "0" * 40}}})
    told = vtm(root, "worktree", "make", B)
    assert told.code == 1
    assert (
        f"BLOCKED::DEPENDENCY-NOT-MERGED::{B}: {B} depends on {A}, and main lacks its commit 0000" in told.out
    )
    assert json.loads(vtm(root, "worktree", "make", B, "--json").out)["worktrees"] == []


@pytest.mark.parametrize("case", FULL)
def test_a_full_disk(tmp_path, case):
    if shutil.which("unshare") is None or os.geteuid():
        pytest.skip("only root can make a small disk")
    command = [
        "unshare",
        "--mount",
        sys.executable,
        "-m",
        "tests.git.full_disk",
        str(tmp_path / "disk"),
        case,
    ]
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, check=False)
    if b"unshare failed" in done.stderr or done.stdout == b"null":
        pytest.skip("this system does not let a small disk be made")
    assert done.returncode == 0, done.stderr.decode()
    told = json.loads(done.stdout)
    (code, out, err), then = told["answer"], told["then"]
    assert (code, err, told["same"]) == (FULL[case], "", True)
    assert re.search(r"no space left|unable to", out, re.IGNORECASE)
    assert then[0] == 0, then
