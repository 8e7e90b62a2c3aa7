"""`vtm notify`: what a worker tells the coordinator, and how it leaves a task that it cannot finish."""

import json
import re
import shutil
from datetime import UTC, datetime

import pytest

from tests.cli.test_commands import checked
from tests.projects import HOSTILE, MANIFEST, STATE, put, task, write
from tests.repositories import commit, git, repository, vtm
from tests.sessions import ELSEWHERE, keep, session
from vtm.app.app import App
from vtm.app.messages import messages_of
from vtm.discovery import runtime_folder
from vtm.model.message import LONGEST, Audience
from vtm.stores.runtime import SqliteRuntime

NOW = datetime(2026, 3, 10, 11, 5, tzinfo=UTC)
AT = ("--now", NOW.isoformat())
NAME, BRANCH = "A--T01", "feat/A--T01"
WHY = ("--wanted", "A mail to Ada", "--tried", "Two hosts", "--suggest", "Ask for a third")
WRONG = "No mail server answers."


@pytest.fixture(scope="module")
def pattern(tmp_path_factory):
    """A repository that each test gets a copy of."""
    folder = tmp_path_factory.mktemp("pattern") / "shop"
    root = repository(write(folder, [task(NAME), task("A--T02")], {}), commit_first=False)
    put(root, "src/a/mail.py", "one\n")
    put(root, ".gitignore", "*.log\n.worktrees/\n")
    commit(root)
    return root


@pytest.fixture
def project(tmp_path, pattern):
    return shutil.copytree(pattern, tmp_path / "shop")


@pytest.fixture
def tree(project):
    """The worktree of a task that an agent has taken up."""
    found = project / ".worktrees" / BRANCH
    git(project, "worktree", "add", "-q", "-b", BRANCH, str(found))
    answer = vtm(project, "start", NAME, "--agent", "ada", "--session", f"{NAME}:1", *AT)
    assert answer.code == 0, answer
    keep(project, session(NAME, branch=BRANCH, host=ELSEWHERE, worktree=str(found)))
    return found


def notify(folder, *arguments):
    return vtm(folder, "notify", *arguments, "--json", *AT)


def give_up(folder, *arguments):
    return notify(folder, WRONG, "--level", "blocking", *WHY, "--epoch", "1", "--agent", "ada", *arguments)


def entry(project, name=NAME):
    return json.loads((project / STATE).read_text("utf-8"))["tasks"][name]


def told(project):
    return messages_of(App.at(project)).all(Audience.COORDINATOR)


def leases(project):
    return SqliteRuntime(runtime_folder(App.at(project).project)).leases()


def change(tree):
    """Work that is not committed: changed, staged, new, removed, and what git ignores."""
    put(tree, "src/a/mail.py", "two\n")
    put(tree, "src/a/staged.py", "three\n")
    git(tree, "add", "src/a/staged.py")
    put(tree, "src/a/new file\t.py", "four\n")
    put(tree, "noise.log", "five\n")
    (tree / "docs/specs/shop.md").unlink()


def test_info_is_told_and_renews_the_lease(project, tree):
    before = leases(project)[NAME]
    later = ("--now", "2026-03-10T11:20:00Z")
    answer = vtm(tree, "notify", "half done", "--epoch", "1", "--agent", "ada", "--json", *later)
    assert answer.code == 0
    found = checked(answer)
    assert (found["level"], found["task_id"], found["session"]) == ("info", NAME, f"{NAME}:1")
    assert (found["status"], found["expires_at"]) == ("in-progress", "2026-03-10T11:50:00Z")
    assert leases(project)[NAME].expires_at > before.expires_at
    (message,) = told(project)
    assert (message.text, message.sender, message.level) == ("half done", "ada", "info")
    assert git(tree, "status", "--porcelain") == ""


def test_a_session_that_is_named_brings_its_epoch_along(project, tree, monkeypatch):
    monkeypatch.setenv("VTM_SESSION", f"{NAME}:1")
    assert checked(notify(project, "from anywhere"))["expires_at"] == "2026-03-10T11:35:00Z"


def test_who_holds_no_lease_renews_none(project, tree):
    assert checked(notify(tree, "just saying"))["expires_at"] is None
    assert checked(notify(project, "from main", "--task", "A--T02"))["session"] == ""


@pytest.mark.parametrize("level", [[], ["--level", "blocking", *WHY]], ids=["info", "blocking"])
def test_a_lease_that_is_over(level, project, tree):
    change(tree)
    vtm(project, "release", NAME, "--epoch", "1", *AT)
    assert vtm(project, "start", NAME, "--agent", "bob", "--session", "s", *AT).code == 0
    answer = notify(tree, "too late", "--epoch", "1", *level)
    assert answer.code == 4
    assert f"BLOCKED::STALE-EPOCH::{NAME}" in answer.out
    assert told(project) == []
    assert git(tree, "log", "--format=%s", "main..") == ""


def test_blocking_keeps_the_work_and_blocks_the_task(project, tree):
    change(tree)
    answer = give_up(tree)
    assert (answer.code, answer.err) == (0, "")
    found = checked(answer)
    made = git(tree, "rev-parse", "HEAD")
    assert (found["status"], found["branch"], found["commit"]) == ("blocked", BRANCH, made)
    assert git(tree, "log", "--format=%s", "main..") == f"wip({NAME}): No mail server answers"
    assert git(tree, "diff", "--name-only", "-z", "main", "HEAD").split("\0")[:-1] == [
        "docs/specs/shop.md",
        "src/a/mail.py",
        "src/a/new file\t.py",
        "src/a/staged.py",
    ]
    assert git(tree, "status", "--porcelain") == ""
    assert git(project, "rev-parse", BRANCH) == made
    state = entry(project)
    assert state["blocked_reason"] == WRONG
    assert state["notes"].splitlines() == [
        "Wanted: A mail to Ada",
        f"Work: what was left is committed on {BRANCH} as {made[:12]}",
        "Tried: Two hosts",
        "Suggested: Ask for a third",
    ]
    assert NAME not in leases(project)
    (message,) = told(project)
    assert message.text.splitlines() == [WRONG, *state["notes"].splitlines()]
    assert (message.level, message.session, message.sender) == ("blocking", f"{NAME}:1", "ada")


def test_the_coordinator_sees_it(project, tree):
    give_up(tree)
    (listed,) = checked(vtm(project, "sessions", "--json", *AT))["sessions"]
    assert listed["blocking"][0].startswith(WRONG)
    assert f"cannot go on: {WRONG}" in vtm(project, "sessions", *AT).out
    assert "BLOCKING" in vtm(project, "inbox", "--coordinator", *AT).out


def test_text(project, tree):
    answer = vtm(tree, "notify", WRONG, "--level", "blocking", *WHY, "--epoch", "1", *AT)
    assert answer.out.splitlines() == [
        f"{NAME}: the coordinator is told (message 1)",
        "  blocked, and the lease is over: stop working at it",
        f"  nothing was left to commit on {BRANCH}",
    ]


REFUSING = "#!/bin/sh\necho no >&2\nexit 1\n"


def test_hooks_and_signing_do_not_hold_it_up(project, tree):
    for name in ("pre-commit", "commit-msg", "prepare-commit-msg", "post-commit"):
        put(project, f".git/hooks/{name}", REFUSING).chmod(0o755)
    git(project, "config", "commit.gpgSign", "true")
    git(project, "config", "gpg.program", "false")
    change(tree)
    assert checked(give_up(tree))["commit"]


def in_a_merge(tree):
    git(tree, "switch", "-q", "-c", "other")
    put(tree, "src/a/mail.py", "other\n")
    commit(tree)
    git(tree, "switch", "-q", BRANCH)
    put(tree, "src/a/mail.py", "mine\n")
    commit(tree)
    with pytest.raises(Exception, match="merge"):
        git(tree, "merge", "-q", "other")


def without_identity(tree):
    git(tree, "config", "user.useConfigOnly", "true")
    git(tree, "config", "user.email", "")
    git(tree, "config", "user.name", "")
    change(tree)


def with_a_lock(tree):
    change(tree)
    put(tree, git(tree, "rev-parse", "--git-path", "index.lock"), "")


def with_a_filter_that_is_missing(tree):
    put(tree, ".gitattributes", "*.py filter=absent\n")
    git(tree, "config", "filter.absent.clean", "no-such-program")
    git(tree, "config", "filter.absent.required", "true")
    put(tree, "src/a/mail.py", "two\n")


STUCK = {
    "merge": (in_a_merge, "a merge waits to be finished"),
    "identity": (without_identity, "git commit failed"),
    "lock": (with_a_lock, "git add failed"),
    "filter": (with_a_filter_that_is_missing, "git add failed"),
}


@pytest.mark.parametrize(("prepare", "reason"), STUCK.values(), ids=STUCK)
def test_where_nothing_can_be_committed_the_task_is_blocked_all_the_same(prepare, reason, project, tree):
    prepare(tree)
    before = git(tree, "rev-parse", "HEAD")
    answer = give_up(tree)
    assert answer.code == 0
    found = checked(answer)
    assert found["work"].startswith(f"not committed: {reason}")
    assert found["work"].endswith(f"what was changed is still in {tree}")
    assert (found["status"], found["commit"]) == ("blocked", "")
    assert git(tree, "rev-parse", "HEAD") == before
    assert entry(project)["status"] == "blocked"
    assert NAME not in leases(project)
    assert str(tree) in told(project)[0].text


def test_in_another_folder_nothing_is_committed(project, tree):
    change(tree)
    put(project, "src/a/mail.py", "not the worker's\n")
    before = git(project, "status", "--porcelain")
    answer = give_up(project, "--task", NAME)
    found = checked(answer)
    assert (answer.code, found["status"], found["commit"]) == (0, "blocked", "")
    assert found["work"].startswith(f"nothing was committed: {project} has main checked out, not {BRANCH}")
    assert git(project, "log", "--format=%s", "main..feat/A--T01") == ""
    assert [each for each in git(project, "status", "--porcelain").splitlines() if "backlog" not in each] == [
        each for each in before.splitlines() if "backlog" not in each
    ]


def test_with_no_branch_checked_out(project, tree):
    git(tree, "switch", "-q", "--detach")
    change(tree)
    found = checked(give_up(tree, "--session", f"{NAME}:1"))
    assert f"{tree} has no branch checked out, not {BRANCH}" in found["work"]
    assert found["commit"] == ""


def test_in_the_main_worktree_state_and_journal_are_left_out(project):
    git(project, "switch", "-q", "-c", BRANCH)
    (project / "vtm.toml").write_text("[git]\ngate = false\n", "utf-8")
    assert vtm(project, "start", NAME, "--agent", "ada", *AT).code == 0
    found = checked(give_up(project))
    assert found["commit"]
    assert git(project, "diff", "--name-only", "main", "HEAD") == "vtm.toml"


def test_outside_git(tmp_path):
    write(tmp_path, [task(NAME)], {})
    assert vtm(tmp_path, "start", NAME, "--agent", "ada", *AT).code == 0
    found = checked(give_up(tmp_path, "--task", NAME))
    assert (found["status"], found["branch"]) == ("blocked", "")
    assert found["work"] == f"nothing is committed outside git: what was changed is in {tmp_path}"


def test_from_a_folder_below(project, tree):
    change(tree)
    assert checked(give_up(tree / "src" / "a"))["commit"] == git(tree, "rev-parse", "HEAD")
    assert git(tree, "status", "--porcelain") == ""


def test_a_task_to_resolve_it(project, tree):
    change(tree)
    answer = give_up(tree, "--create-resolver")
    assert checked(answer)["resolver"] == f"resolve-{NAME}"
    tasks = json.loads((project / MANIFEST).read_text("utf-8"))["tasks"]
    assert [each["task_id"] for each in tasks] == [NAME, "A--T02", f"resolve-{NAME}"]
    assert f"commit {MANIFEST}" in answer.err


def test_again(project, tree):
    assert give_up(tree).code == 0
    answer = give_up(tree)
    assert (answer.code, checked(answer)["code"]) == (4, "ILLEGAL-TRANSITION")
    assert len(told(project)) == 1


WRONG_CALLS = {
    "one-missing": ((*WHY[:4], "--level", "blocking"), "add --suggest."),
    "all-missing": (("--level", "blocking"), "add --wanted and --tried and --suggest."),
    "info-with-more": (
        ("--tried", "x", "--create-resolver"),
        "blocking: --tried, --create-resolver.",
    ),
    "too-long": (
        ("--task", NAME, *WHY[:2], "--tried", "x" * (LONGEST + 1), *WHY[4:], "--level", "blocking"),
        "at most",
    ),
    "unknown-task": (("--task", "A--T09"), "there is no task A--T09"),
    "empty": (("--tried", " ", "--level", "blocking"), "it is empty"),
}


@pytest.mark.parametrize(("arguments", "message"), WRONG_CALLS.values(), ids=WRONG_CALLS)
def test_wrong_calls(arguments, message, project):
    answer = notify(project, "text", *arguments)
    assert answer.code == 2
    assert message in checked(answer)["message"]
    assert told(project) == []


def test_nobody_knows_which_task(project):
    answer = notify(project, "text")
    assert (answer.code, checked(answer)["code"]) == (2, "NO-TASK")


def test_hostile_texts(project, tree):
    change(tree)
    text = HOSTILE.replace("\0", "")
    more = ("--wanted", text, "--tried", text, "--suggest", text, "--level", "blocking", "--epoch", "1")
    answer = vtm(tree, "notify", *more, *AT, "--", f"-{text}" * 50)
    assert answer.code == 0, answer
    subject = git(tree, "log", "--format=%B", "main..")
    for shown in (answer.out, subject, vtm(project, "inbox", "--coordinator", *AT).out):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e]", shown)
    assert len(subject.splitlines()) == 1
