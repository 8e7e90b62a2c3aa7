"""`vtm worktree cleanup`: what goes, what stays, and that nothing is lost."""

import shutil
from datetime import UTC, datetime

import pytest

from tests.git.test_worktrees import picked, squashed
from tests.git.worktrees import A, B, C, known, merge, place, record, shop, work
from tests.projects import put
from tests.repositories import commit, git, repository, spy_on_git, vtm
from vtm.app.app import App
from vtm.app.worktrees import cleaned, made
from vtm.model.session import Session, SessionStatus, session_id
from vtm.stores.sessions import SqliteSessions

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def root(tmp_path):
    """A project in which A has a worktree."""
    root = shop(tmp_path / "shop")
    assert vtm(root, "worktree", "make", A).code == 0
    return root


def cleanup(root, *arguments):
    """Exit code, and what became of each worktree, by task."""
    answer = vtm(root, "worktree", "cleanup", *arguments, "--json")
    return answer.code, {each["task"]: each for each in answer.json["worktrees"]}


def is_there(root, name=A):
    return place(root, name).is_dir(), bool(git(root, "branch", "--list", f"feat/{name}"))


# --- what goes


def merged(root):
    work(root)
    merge(root)


def squash_merged(root):
    work(root)
    squashed(root)


def cherry_picked(root):
    work(root)
    picked(root)


def untouched(_root):
    pass


def with_ignored_files(root):
    put(place(root), "build.log", "x")


def with_read_only_folders_that_git_ignores(root):
    put(place(root), "cache.log/file", "x")
    (place(root) / "cache.log").chmod(0o500)


def pushed(root):
    merged(root)
    git(root, "init", "-q", "--bare", str(root.parent / "origin"))
    git(root, "remote", "add", "origin", str(root.parent / "origin"))
    git(place(root), "push", "-q", "-u", "origin", f"feat/{A}")


def on_main_but_main_is_not_checked_out(root):
    merged(root)
    git(root, "switch", "-q", "-c", "other", "main~1")


GOES = (
    merged,
    squash_merged,
    cherry_picked,
    untouched,
    with_ignored_files,
    with_read_only_folders_that_git_ignores,
    pushed,
    on_main_but_main_is_not_checked_out,
)


@pytest.mark.parametrize("prepare", GOES, ids=lambda each: each.__name__)
def test_it_goes_with_its_branch(root, prepare):
    prepare(root)
    code, found = cleanup(root)
    assert code == 0, found
    assert (found[A]["removed"], found[A]["branch_kept"], found[A]["rescue"]) == (True, False, "")
    assert is_there(root) == (False, False)
    assert len(git(root, "worktree", "list").splitlines()) == 1
    assert f"feat/{A}" not in git(root, "config", "--list", "--local")
    assert sorted(each.name for each in (root / ".worktrees").iterdir()) == [".gitignore", ".removed"]
    assert list((root / ".worktrees/.removed").iterdir()) == []


def test_once_more_there_is_nothing_to_do(root):
    cleanup(root)
    assert cleanup(root) == (0, {})
    code, found = cleanup(root, A)
    assert (code, found[A]["removed"], found[A]["kept"], found[A]["path"]) == (0, False, False, "")
    assert vtm(root, "worktree", "cleanup", A).out == f"{A}: it has none\n"


def test_few_processes(root, tmp_path, monkeypatch):
    merged(root)
    log = spy_on_git(monkeypatch, tmp_path)
    assert cleaned(App.at(root), A).removed
    lines = [line.split()[:2] for line in log.read_text("utf-8").splitlines()]
    assert lines == [
        ["for-each-ref", lines[0][1]],
        ["status", "--porcelain"],
        ["worktree", "remove"],
        ["update-ref", "-d"],
    ]


def test_what_a_dead_process_left_is_deleted(root):
    put(root, ".worktrees/.removed/tmpdead/A--T01/file", "x")
    cleanup(root)
    assert list((root / ".worktrees/.removed").iterdir()) == []


# --- what stays


def changed(root):
    put(place(root), "vtm.toml", "wip_limit = 9\n")


def staged(root):
    put(place(root), "new", "x")
    git(place(root), "add", "new")


def untracked(root):
    put(place(root), "deep/new", "x")


def untracked_and_not_shown(root):
    git(root, "config", "status.showUntrackedFiles", "no")
    put(place(root), "deep/new", "x")


def deleted(root):
    (place(root) / "vtm.toml").unlink()


def mode_changed(root):
    (place(root) / "vtm.toml").chmod(0o755)


def ahead(root):
    work(root)


def half_merged(root):
    work(root)
    merge(root)
    work(root, text="more\n")


def leased(root):
    assert vtm(root, "start", A, "--agent", "ada").code == 0


def another_branch(root):
    git(place(root), "switch", "-q", "-c", "other")


def detached(root):
    git(place(root), "switch", "-q", "--detach")


SOFT = {
    changed: "WORKTREE-DIRTY",
    staged: "WORKTREE-DIRTY",
    untracked: "WORKTREE-DIRTY",
    untracked_and_not_shown: "WORKTREE-DIRTY",
    deleted: "WORKTREE-DIRTY",
    mode_changed: "WORKTREE-DIRTY",
    ahead: "NOT-MERGED",
    half_merged: "NOT-MERGED",
    leased: "LEASE-HELD",
    another_branch: "OTHER-BRANCH",
    detached: "OTHER-BRANCH",
}


def active(root):
    session = Session(session_id(A, 1), A, 1, 1, "command", NOW, NOW)
    assert SqliteSessions(root / ".git/vtm").add(session)


def locked(root):
    git(root, "worktree", "lock", "--reason", "on a stick", str(place(root)))


def _conflict(root):
    work(root)
    put(root, f"src/{A}.py", "other\n")
    commit(root)


def merging(root):
    _conflict(root)
    with pytest.raises(Exception, match="merge"):
        git(place(root), "merge", "-q", "main")


def rebasing(root):
    _conflict(root)
    with pytest.raises(Exception, match="rebase"):
        git(place(root), "rebase", "-q", "main")


def with_submodules(root):
    git(repository(root.parent / "inner"), "branch", "-M", "main")
    more = (
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        str(root.parent / "inner"),
        "sub",
    )
    git(place(root), *more)
    commit(place(root))
    merge(root)


def read_only(root):
    place(root).chmod(0o555)


def replaced(root):
    shutil.rmtree(place(root))
    put(place(root), "file", "x")


def of_another_repository(root):
    git(root, "worktree", "remove", str(place(root)))
    other = repository(root.parent / "other")
    git(other, "worktree", "add", "-q", "-b", f"feat/{A}", str(place(root)))


HARD = {
    of_another_repository: "NOT-A-WORKTREE",
    active: "SESSION-ACTIVE",
    locked: "WORKTREE-LOCKED",
    merging: "UNFINISHED-IN-GIT",
    rebasing: "UNFINISHED-IN-GIT",
    with_submodules: "WORKTREE-SUBMODULES",
    read_only: "WORKTREE-READ-ONLY",
    replaced: "NOT-A-WORKTREE",
}


@pytest.mark.parametrize(
    ("prepare", "code", "force"),
    [
        *((each, code, ()) for each, code in (SOFT | HARD).items()),
        *((each, code, ("--force",)) for each, code in HARD.items()),
    ],
    ids=lambda each: getattr(each, "__name__", None),
)
def test_it_stays_as_it_is(root, prepare, code, force):
    prepare(root)
    before = known(root), sorted(place(root).rglob("*"))
    exit_code, found = cleanup(root, A, *force)
    assert (exit_code, found[A]["code"]) == (1, code)
    assert found[A]["kept"]
    assert not found[A]["removed"]
    assert found[A]["reason"]
    assert (known(root), sorted(place(root).rglob("*"))) == before
    assert cleanup(root, *force)[0] == 0, "none was named"
    place(root).chmod(0o755)


def test_the_one_that_the_caller_is_in(root):
    code, found = cleanup(place(root), A, "--force")
    assert (code, found[A]["code"]) == (1, "WORKTREE-IN-USE")
    assert place(root).is_dir()


def test_a_lease_that_is_over_does_not_count(root):
    long_ago = ("--now", "2020-01-01T00:00:00Z")
    assert vtm(root, "start", A, "--agent", "ada", *long_ago).code == 0
    assert cleanup(root)[1][A]["removed"]


def test_a_session_that_is_over_does_not_count(root):
    active(root)
    SqliteSessions(root / ".git/vtm").ended(
        session_id(A, 1), SessionStatus.FAILED, NOW, exit_code=1, reason=""
    )
    assert cleanup(root)[1][A]["removed"]


# --- several


def test_what_is_wrong_with_one_keeps_no_other(tmp_path):
    root = shop(tmp_path / "shop")
    assert vtm(root, "worktree", "make", A, B, C).code == 0
    place(root, A).chmod(0o555)
    shutil.rmtree(place(root, B))
    code, found = cleanup(root)
    place(root, A).chmod(0o755)
    assert code == 0
    assert found[A]["code"] == "WORKTREE-READ-ONLY"
    assert (found[B]["removed"], found[B]["reason"]) == (True, "its folder was deleted by hand")
    assert found[C]["removed"]
    assert [is_there(root, name) for name in (A, B, C)] == [(True, True), (False, False), (False, False)]


def test_one_deleted_by_hand_keeps_its_branch_while_main_lacks_it(root):
    end = work(root)
    shutil.rmtree(place(root))
    _, found = cleanup(root)
    assert (found[A]["removed"], found[A]["branch_kept"]) == (True, True)
    assert git(root, "rev-parse", f"feat/{A}") == end
    assert len(git(root, "worktree", "list").splitlines()) == 1


def test_a_branch_without_a_worktree_stays_until_main_has_it(root):
    work(root)
    assert cleanup(root, "--force")[1][A]["removed"]
    for _ in range(2):
        _, found = cleanup(root)
        assert (found[A]["removed"], found[A]["branch_kept"]) == (False, True)
    assert f"branch feat/{A} stays" in vtm(root, "worktree", "cleanup").out
    merge(root)
    assert cleanup(root)[1][A]["branch_kept"] is False
    assert is_there(root) == (False, False)
    assert cleanup(root) == (0, {})


def test_a_branch_that_somebody_made_stays(root):
    git(root, "branch", f"feat/{C}")
    cleanup(root, C)
    assert is_there(root, C) == (False, True)


def test_one_deleted_by_hand_and_locked_stays_known(root):
    locked(root)
    shutil.rmtree(place(root))
    before = known(root)
    assert cleanup(root, A)[0] == 1
    assert known(root) == before


def test_what_is_recorded_and_gone_is_forgotten(root):
    shutil.rmtree(place(root))
    git(root, "worktree", "prune")
    git(root, "branch", "-D", f"feat/{A}")
    assert vtm(root, "worktree", "make", A).code == 4
    assert "its branch is gone" in cleanup(root, A)[1][A]["reason"]
    assert vtm(root, "worktree", "make", A).code == 0


def test_one_that_vtm_did_not_make_stays(root):
    git(root, "worktree", "add", "-q", "-b", f"feat/{C}", str(root.parent / "elsewhere"))
    git(root, "worktree", "add", "-q", "-b", "mine", str(root.parent / "mine"))
    _, found = cleanup(root)
    assert (found[C]["removed"], found[C]["kept"]) == (False, False)
    assert "elsewhere" in found[C]["reason"]
    assert len(git(root, "worktree", "list").splitlines()) == 3


def test_without_a_record_it_is_known_by_its_branch(root):
    (root / ".git/vtm/runtime.db").unlink()
    assert cleanup(root)[1][A]["removed"]


def test_an_unknown_task(root):
    before = known(root)
    answer = vtm(root, "worktree", "cleanup", A, "A--T1", "--json")
    assert (answer.code, answer.json["code"]) == (2, "UNKNOWN-TASK")
    assert known(root) == before


def test_one_of_a_task_that_is_not_declared_any_more(root):
    put(root, "docs/backlog/virtual-task-manifest.json", '{"status": "OK", "tasks": []}')
    assert cleanup(root, A)[1][A]["removed"]


# --- rounds


@pytest.mark.soak
def test_200_rounds_leave_git_as_it_was(tmp_path):
    root = shop(tmp_path / "shop")
    git(root, "branch", "mine")
    before = known(root)
    app = App.at(root)
    for number in range(200):
        task = app.backlog[(A, C)[number % 2]]
        worktree = made(app, task)
        assert worktree.created
        assert cleaned(app, task.task_id).removed
    assert known(root) == before
    assert git(root, "status", "--porcelain") == ""
    assert list((root / ".git").glob("worktrees/*")) == []


@pytest.mark.soak
def test_rounds_with_work_leave_git_as_it_was_but_for_main(tmp_path):
    root = shop(tmp_path / "shop")
    branches = git(root, "branch")
    app = App.at(root)
    for number in range(8):
        made(app, app.backlog[A])
        work(root, text=f"{number}\n")
        merge(root)
        assert cleaned(app, A).removed
    assert (git(root, "branch"), len(git(root, "worktree", "list").splitlines())) == (branches, 1)


def test_a_reopened_task_starts_from_main_again(root):
    merged(root)
    cleanup(root)
    record(root)
    assert vtm(root, "worktree", "make", A).code == 0
    assert git(place(root), "rev-parse", "HEAD") == git(root, "rev-parse", "main")
