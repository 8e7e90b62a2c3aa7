"""Merges and the repository they are made in: where main is, what is in the way, who else is at it."""

import os
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.cli.processes import COMMAND, call, environment
from tests.homes import (
    app,
    completed,
    done,
    entry,
    events,
    first_on_path,
    head,
    home,
    job,
    merge,
    program,
    ways,
    worked,
)
from tests.projects import STATE, put, write
from tests.repositories import commit, git, repository, vtm
from vtm.app.bringing_home import merge_one
from vtm.app.merge_tests import stop_tests

MERGED = ("merged", "")


@pytest.fixture
def top(tmp_path):
    return home(tmp_path / "top")


def detached(top):
    git(top, "checkout", "-q", "--detach")


def dirty(top):
    put(top, "src/new.py", "1\n")


def changed(top):
    put(top, "src/shared.py", "2\n")


def merging(top):
    git(top, "checkout", "-q", "-b", "other")
    put(top, "src/shared.py", "other\n")
    commit(top)
    git(top, "checkout", "-q", "main")
    put(top, "src/shared.py", "main\n")
    git(top, "commit", "-q", "-m", "Change", "src/shared.py")
    subprocess.run(["git", "merge", "-q", "other"], cwd=top, capture_output=True, check=False)


def renamed(top):
    git(top, "branch", "-m", "trunk")


IN_THE_WAY = {
    "detached": (detached, 1, "DETACHED-HEAD"),
    "untracked file": (dirty, 1, "BLOCKED::DIRTY-GIT-STATUS"),
    "changed file": (changed, 1, "BLOCKED::DIRTY-GIT-STATUS"),
    "unfinished merge": (merging, 1, "UNFINISHED-IN-GIT"),
    "no main": (renamed, 1, "NO-MAIN-BRANCH"),
}


@pytest.mark.parametrize("asked", [("A--T01",), ("--ready",)], ids=["named", "ready"])
@pytest.mark.parametrize(("make", "exit_code", "code"), IN_THE_WAY.values(), ids=IN_THE_WAY)
def test_what_is_in_the_way_is_named(top, make, exit_code, code, asked):
    done(top, "A--T01")
    make(top)
    before = git(top, "for-each-ref"), git(top, "status", "--porcelain"), (top / STATE).read_bytes()
    answer = merge(top, *asked)
    assert (answer.code, answer.json["code"]) == (exit_code, code)
    assert answer.json["fix"]
    after = git(top, "for-each-ref"), git(top, "status", "--porcelain"), (top / STATE).read_bytes()
    assert after == before


def test_a_folder_for_locks_that_cannot_be_made(top):
    done(top, "A--T01")
    put(top, ".git/vtm", "")
    answer = merge(top, "A--T01")
    assert (answer.code, answer.json["code"]) == (5, "NOT-WRITTEN")
    (top / ".git/vtm").unlink()
    assert ways(merge(top, "A--T01")) == {"A--T01": MERGED}


def test_without_the_gate_only_git_minds_what_is_changed(tmp_path):
    top = home(tmp_path / "top", settings="[git]\ngate = false\n")
    done(top, "A--T01")
    done(top, "A--T02", {"src/shared.py": "2\n"})
    changed(top)
    answer = merge(top, "A--T01", "A--T02")
    assert (answer.code, ways(answer)) == (5, {"A--T01": MERGED, "A--T02": ("held-up", "MAIN-NOT-MOVED")})
    assert "overwritten" in answer.json["held_up"][0]["reason"]
    assert entry(top, "A--T02")["status"] == "completed"


def test_an_ignored_file_is_not_lost(top):
    put(top, ".git/info/exclude", "src/secret\n")
    put(top, "src/secret", "mine\n")
    tree = worked(top, "A--T01")
    put(tree, "src/secret", "theirs\n")
    git(tree, "add", "-f", "src/secret")
    commit(tree)
    completed(top, "A--T01")
    before = head(top)
    answer = merge(top, "A--T01")
    assert (answer.code, ways(answer)) == (5, {"A--T01": ("held-up", "MAIN-NOT-MOVED")})
    assert ((top / "src/secret").read_text(), head(top)) == ("mine\n", before)


@pytest.mark.parametrize(
    ("where", "exit_code", "code"),
    [("outside git", 2, "NOT-A-REPOSITORY"), ("no commit", 1, "NO-MAIN-BRANCH")],
)
def test_no_place_to_merge_in(tmp_path, where, exit_code, code):
    folder = tmp_path / "x"
    if where == "no commit":
        repository(folder, commit_first=False)
    write(folder, [job("A--T01")], {})
    answer = merge(folder, "A--T01")
    assert (answer.code, answer.json["code"]) == (exit_code, code)


def test_an_unknown_task_stops_before_anything_is_merged(top):
    done(top, "A--T01")
    before = head(top)
    answer = merge(top, "A--T01", "A--T09")
    assert (answer.code, answer.json["code"], head(top)) == (2, "UNKNOWN-TASK", before)


def test_histories_that_have_nothing_in_common(top):
    tree = worked(top, "A--T01")
    git(tree, "checkout", "-q", "--orphan", "other")
    commit(tree)
    git(tree, "branch", "-M", "feat/A--T01")
    completed(top, "A--T01")
    answer = merge(top, "A--T01")
    assert (answer.code, ways(answer)) == (1, {"A--T01": ("held-up", "UNRELATED-HISTORIES")})


@pytest.mark.parametrize("known", [True, False], ids=["recorded", "nothing recorded"])
def test_a_branch_that_is_gone(top, known):
    done(top, "A--T01") if known else completed(top, "A--T01", "")
    if known:
        git(top, "worktree", "remove", str(top / ".worktrees/feat/A--T01"))
        commit_id = head(top, "feat/A--T01")
        git(top, "branch", "-q", "-D", "feat/A--T01")
    answer = merge(top, "A--T01")
    assert (answer.code, ways(answer)) == (1, {"A--T01": ("held-up", "NO-BRANCH")})
    if known:
        git(
            top,
            "branch",
            *answer.json["held_up"][0]["fix"].partition("`git branch ")[2].partition("`")[0].split(),
        )
        assert head(top, "feat/A--T01") == commit_id
        assert ways(merge(top, "A--T01")) == {"A--T01": MERGED}


def test_main_that_is_checked_out_nowhere(top):
    done(top, "A--T01")
    git(top, "checkout", "-q", "-b", "desk")
    dirty(top)
    before = git(top, "status", "--porcelain"), head(top, "desk")
    assert ways(merge(top, "A--T01")) == {"A--T01": MERGED}
    assert git(top, "log", "-1", "--format=%s", "main") == "Merge feat/A--T01: Title of A--T01"
    assert head(top, "desk") == before[1]
    assert not (top / "src/a--t01.py").exists()


def test_main_that_is_checked_out_in_a_linked_worktree(top, tmp_path):
    done(top, "A--T01")
    git(top, "checkout", "-q", "-b", "desk")
    git(top, "worktree", "add", "-q", str(tmp_path / "trunk"), "main")
    put(tmp_path / "trunk", "new.py", "1\n")
    assert merge(top, "A--T01").json["code"] == "BLOCKED::DIRTY-GIT-STATUS"
    (tmp_path / "trunk/new.py").unlink()
    assert ways(merge(top, "A--T01")) == {"A--T01": MERGED}
    assert (tmp_path / "trunk/src/a--t01.py").is_file()
    assert git(tmp_path / "trunk", "status", "--porcelain") == ""


def test_it_is_asked_from_a_linked_worktree(top):
    tree = done(top, "A--T01")
    assert ways(merge(tree, "A--T01")) == {"A--T01": MERGED}
    assert git(tree, "status", "--porcelain") == ""


def test_a_worktree_that_was_deleted_by_hand(top, tmp_path):
    done(top, "A--T01").rename(tmp_path / "gone")
    assert ways(merge(top, "A--T01")) == {"A--T01": MERGED}


def test_a_project_below_the_top(tmp_path):
    outer = repository(tmp_path / "outer")
    inner = write(outer / "web", [job("A--T01"), job("A--T02")], {})
    put(inner, "vtm.toml", '[gate]\nafter = ["test -e src/a.py", "test ! -e src/b.py"]\n')
    commit(outer)
    for name, files in {"A--T01": {"web/src/a.py": "1\n"}, "A--T02": {"web/src/b.py": "1\n"}}.items():
        worked(outer, name, files)
        completed(inner, name)
    put(outer, ".git/info/exclude", ".worktrees\n")
    answer = merge(inner, "--ready")
    assert ways(answer) == {"A--T01": MERGED, "A--T02": ("handed-back", "MERGE-TESTS-RED")}
    assert answer.json["merged"][0]["findings"] == []


def test_settings_of_git_that_would_merge_in_other_ways(top):
    for key, value in {
        "merge.ff": "false",
        "merge.autoStash": "true",
        "branch.main.mergeOptions": "--squash --no-commit",
    }.items():
        git(top, "config", key, value)
    done(top, "A--T01")
    assert ways(merge(top, "A--T01")) == {"A--T01": MERGED}
    assert git(top, "log", "-1", "--format=%s") == "Merge feat/A--T01: Title of A--T01"


def test_state_and_journal_go_with_a_merge_where_that_is_set(tmp_path):
    top = home(tmp_path / "top", settings='[git]\ncommit_state = "merge"\n')
    done(top, "A--T01")
    done(top, "A--T02")
    assert ways(merge(top, "--ready")) == {"A--T01": MERGED, "A--T02": MERGED}
    assert git(top, "log", "--first-parent", "--format=%s", "-4").splitlines() == [
        "vtm: merge A--T02",
        "Merge feat/A--T02: Title of A--T02",
        "vtm: merge A--T01",
        "Merge feat/A--T01: Title of A--T01",
    ]
    assert git(top, "status", "--porcelain") == ""


MOVES = "{ echo 2 >> ../../src/shared.py; git -C ../.. commit -q -m More src; }"


@pytest.mark.parametrize(
    ("moves", "tested", "found", "code"),
    [
        (f"test $(wc -l < ../../../log) -gt 1 || {MOVES}", 2, MERGED, 0),
        (f"test $(wc -l < ../../../log) -gt 2 || {MOVES}", 3, MERGED, 0),
        (MOVES, 3, ("held-up", "MAIN-KEEPS-MOVING"), 4),
        ("git -C ../.. commit -q -m State docs/backlog", 1, MERGED, 0),
    ],
    ids=["once", "twice", "always", "by state alone"],
)
def test_main_that_moves_during_the_tests(tmp_path, moves, tested, found, code):
    top = home(tmp_path / "top", settings=f"[gate]\nafter = ['echo tested >> ../../../log', '{moves}']\n")
    done(top, "A--T01")
    answer = merge(top, "A--T01")
    assert (answer.code, ways(answer)) == (code, {"A--T01": found})
    assert (tmp_path / "log").read_text().split() == ["tested"] * tested
    assert git(top, "log", "--format=%s").splitlines().count("Work at A--T01") == (found == MERGED)
    assert entry(top, "A--T01")["status"] == "completed"


def test_pushed_only_when_asked(top, tmp_path):
    git(tmp_path, "init", "-q", "--bare", "origin")
    git(top, "remote", "add", "origin", str(tmp_path / "origin"))
    git(top, "push", "-q", "--set-upstream", "origin", "main")
    done(top, "A--T01")
    merge(top, "A--T01")
    assert head(tmp_path / "origin") != head(top)
    answer = merge(top, "A--T01", "--push")
    assert (answer.code, answer.json["pushed"]) == (0, "origin")
    assert head(tmp_path / "origin") == head(top)


@pytest.mark.parametrize("remote", [True, False], ids=["rejected", "no remote"])
def test_main_stays_merged_where_it_cannot_be_pushed(top, tmp_path, remote):
    if remote:
        git(tmp_path, "clone", "-q", "--bare", str(top), "origin")
        git(top, "remote", "add", "origin", str(tmp_path / "origin"))
        git(tmp_path, "clone", "-q", "origin", "other")
        commit(tmp_path / "other")
        git(tmp_path / "other", "push", "-q")
    done(top, "A--T01")
    theirs = head(tmp_path / "origin") if remote else ""
    answer = merge(top, "A--T01", "--push")
    assert (answer.code, ways(answer), answer.json["pushed"]) == (5, {"A--T01": MERGED}, "")
    why = "origin has commits that it lacks" if remote else "git push failed: fatal"
    assert answer.json["push_failed"].startswith(why)
    assert not remote or head(tmp_path / "origin") == theirs


HELD = """[gate]
after = ["echo $VTM_TASK > ../../../begun; cat ../../../held; echo $VTM_TASK >> ../../../over"]
"""


class Held:
    """Tests of merges that say when they begin and end when told to, and the processes that merge."""

    def __init__(self, folder):
        self.top = home(folder / "top", settings=HELD)
        self._folder = folder
        self.processes = []
        for name in ("begun", "held"):
            os.mkfifo(folder / name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for each in self.processes:
            each.kill()
            each.communicate()
        end_of_file = os.open(self._folder / "held", os.O_RDWR)
        os.close(end_of_file)

    def merge(self, name):
        """Start to merge a task."""
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        command = [*COMMAND, "merge", name]
        self.processes.append(subprocess.Popen(command, cwd=self.top, env=environment(), **options))
        return self.processes[-1]

    def begun(self):
        """Wait until a test begins; of which tasks tests have done so."""
        return (self._folder / "begun").read_text().split()

    def let_go(self):
        """Let the test end that is under way."""
        (self._folder / "held").write_text("")

    def over(self):
        """Of which tasks tests have ended."""
        file = self._folder / "over"
        return file.read_text().split() if file.exists() else []


def test_one_merge_at_a_time(tmp_path):
    """Both processes run at once; the tests of one begin when those of the other are over."""
    with Held(tmp_path) as held:
        for name in ("A--T01", "A--T02"):
            done(held.top, name)
            held.merge(name)
        first = held.begun()
        waiting = next(each for each in held.processes if each.args[-1] not in first)
        assert b"holds the lock of the merges" in waiting.stdout.readline()
        held.let_go()
        second = held.begun()
        assert held.over() == first
        held.let_go()
        assert sorted(first + second) == ["A--T01", "A--T02"]
        said = [each.communicate(timeout=60)[0] for each in held.processes]
        assert [each.returncode for each in held.processes] == [0, 0], said
        subjects = git(held.top, "log", "--format=%s").splitlines()
        assert [subjects.count(f"Work at {name}") for name in ("A--T01", "A--T02")] == [1, 1]


def test_a_merge_that_is_killed_during_its_tests(tmp_path):
    """Main is as it was, and the next merge ends what is left of the tests and tests anew."""
    with Held(tmp_path) as held:
        done(held.top, "A--T01")
        before, worktrees = head(held.top), git(held.top, "worktree", "list")
        one = held.merge("A--T01")
        held.begun()
        one.kill()
        one.wait()
        assert head(held.top) == before
        other = held.merge("A--T01")
        assert (held.begun(), held.over()) == (["A--T01"], [])
        held.let_go()
        assert other.wait(60) == 0
        assert held.over() == ["A--T01"]
        assert git(held.top, "worktree", "list").splitlines()[1:] == worktrees.splitlines()[1:]
        assert list((held.top / ".git/vtm/merge-tests").iterdir()) == []
        assert events(held.top, "A--T01")[-1] == "merge"


def test_tests_that_are_stopped_hold_a_task_up(tmp_path):
    with Held(tmp_path) as held:
        done(held.top, "A--T01")
        before = head(held.top)
        one = held.merge("A--T01")
        held.begun()
        stop_tests(app(held.top))
        said = one.communicate(timeout=60)[0].decode()
        assert (one.returncode, "ended from outside" in said) == (5, True)
        assert (head(held.top), entry(held.top, "A--T01")["status"]) == (before, "completed")


def deadly_git(folder):
    """A git that kills who calls it when it comes to a command, before or after it did its work."""
    real = subprocess.run(["which", "git"], capture_output=True, check=True, text=True).stdout.strip()
    return program(
        folder / "deadly" / "git",
        f"""#!/bin/sh
case " $* " in
*" $KILL_AT "*)
    test $KILL = before && kill -9 $PPID && exit 1
    '{real}' "$@"; kill -9 $PPID; exit 1;;
esac
exec '{real}' "$@"
""",
    )


_EARLY = ("merge-tree", "diff-tree", "commit-tree", "worktree add", "worktree remove")
"""Before each of these; what is after one is as it is before the next."""
MOMENTS = [
    *(pytest.param(each, "before", marks=pytest.mark.soak) for each in _EARLY),
    pytest.param("worktree add", "after", marks=pytest.mark.soak),
    *(("merge --quiet", when) for when in ("before", "after")),
]


@pytest.mark.parametrize(("moment", "when"), MOMENTS)
def test_killed_at_any_moment(tmp_path, moment, when):
    top = home(tmp_path / "top", settings='[gate]\nafter = ["true"]\n')
    done(top, "A--T01")
    before, worktrees = head(top), git(top, "worktree", "list").splitlines()[1:]
    path = f"{deadly_git(tmp_path).parent}{os.pathsep}{os.environ['PATH']}"
    killed = call(top, "merge", "A--T01", env={"PATH": path, "KILL_AT": moment, "KILL": when})
    assert killed.returncode == -signal.SIGKILL
    moved = head(top) != before
    assert moved == (moment == "merge --quiet" and when == "after")
    answer = merge(top, "A--T01")
    assert (answer.code, ways(answer)["A--T01"][0]) == (0, "already" if moved else "merged")
    assert git(top, "log", "--format=%s").splitlines().count("Work at A--T01") == 1
    assert git(top, "worktree", "list").splitlines()[1:] == worktrees
    assert git(top, "status", "--porcelain", "src") == ""


@pytest.mark.parametrize("number", ["INT", "TERM"])
def test_main_does_not_stop_halfway(top, tmp_path, number):
    """Who asks for an end while main moves gets it when main has moved and that is recorded."""
    real = subprocess.run(["which", "git"], capture_output=True, check=True, text=True).stdout.strip()
    asks = f'#!/bin/sh\ncase "$*" in *--ff-only*) kill -{number} $PPID $$;; esac\nexec \'{real}\' "$@"\n'
    path = f"{program(tmp_path / 'asking' / 'git', asks).parent}{os.pathsep}{os.environ['PATH']}"
    done(top, "A--T01")
    ended = call(top, "merge", "A--T01", env={"PATH": path})
    assert ended.returncode not in {0, 70}
    assert git(top, "log", "-1", "--format=%s") == "Merge feat/A--T01: Title of A--T01"
    assert git(top, "status", "--porcelain", "src") == ""
    assert events(top, "A--T01")[-1] == "merge"


def test_hooks_of_git_keep_nobody_waiting(top):
    program(top / ".git/hooks/post-merge", "#!/bin/sh\ntouch ../hooked\n")
    done(top, "A--T01")
    assert ways(merge(top, "A--T01")) == {"A--T01": MERGED}
    assert not (top.parent / "hooked").exists()


def test_a_git_that_merges_only_in_worktrees(top, tmp_path, monkeypatch):
    real = subprocess.run(["which", "git"], capture_output=True, check=True, text=True).stdout.strip()
    usage = "usage: git merge-tree <base-tree> <branch1> <branch2>"
    old = f"#!/bin/sh\ntest $1 = merge-tree && {{ echo '{usage}' >&2; exit 129; }}\nexec '{real}' \"$@\"\n"
    done(top, "A--T01", {"src/shared.py": "one\n"})
    done(top, "A--T02", {"src/shared.py": "two\n"})
    done(top, "A--T03")
    worktrees = git(top, "worktree", "list").splitlines()[1:]
    first_on_path(monkeypatch, program(tmp_path / "old" / "git", old))
    answer = merge(top, "--ready")
    assert ways(answer) == {
        "A--T01": MERGED,
        "A--T02": ("handed-back", "MERGE-CONFLICT"),
        "A--T03": MERGED,
    }
    assert answer.json["handed_back"][0]["files"] == ["src/shared.py"]
    assert git(top, "worktree", "list").splitlines()[1:] == worktrees


def test_a_file_name_in_a_conflict_reaches_no_terminal(top):
    name = "src/\x1b[31m\nred.py"
    done(top, "A--T01", {name: "1\n"})
    put(top, name, "2\n")
    commit(top)
    answer = vtm(top, "merge", "A--T01")
    assert (answer.code, "\x1b" in answer.out) == (1, False)
    assert "\\x1b[31m\\nred.py" in answer.out


def test_a_commit_that_cannot_be_made_is_gits_failure(top, monkeypatch):
    done(top, "A--T01")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    git(top, "config", "user.useConfigOnly", "true")
    before = head(top)
    answer = merge(top, "A--T01")
    assert (answer.code, ways(answer), head(top)) == (5, {"A--T01": ("held-up", "GIT-FAILED")}, before)


def test_many_threads_of_one_process_take_turns(tmp_path):
    names = [f"A--T{number:02}" for number in range(6)]
    top = home(tmp_path / "top", *map(job, names))
    for name in names:
        done(top, name)
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda name: merge_one(app(top), name), names))
    assert {each.how for each in found} == {"merged"}
    assert git(top, "rev-list", "--count", "--merges", "main") == "6"
    assert Path(top / "src/a--t05.py").is_file()
