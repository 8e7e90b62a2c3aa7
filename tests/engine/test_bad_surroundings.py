"""Commands that run agents, where something around them is wrong: a code, a next step, and nothing broken."""

import json
import shutil

import pytest

from tests.cli.processes import call
from tests.engine.shops import entry, shop
from tests.projects import put
from tests.repositories import commit, git, vtm
from tests.state.projects import JOURNAL, assert_sound

pytestmark = pytest.mark.soak
TASK = "A--T01"
RUN = ("run", "--merge", "auto")
SPAWN = ("spawn", TASK, "--wait")
MAKE = ("worktree", "make", TASK)
MERGE = ("merge", TASK)


def asked(of, command, env=None):
    """What a command answers as JSON, with its exit code; it never fails as a program."""
    done = call(of.root, *command, "--json", env=env, timeout=120)
    assert b"Traceback" not in done.stderr, done.stderr
    return done.returncode, json.loads(done.stdout.splitlines()[-1])


def assert_usable(of):
    """Other commands work with what is there."""
    in_git = (of.root / ".git").exists()
    for command in (["validate"], ["next"], ["sessions"], *([["worktree", "list"]] if in_git else [])):
        code, answer = asked(of, command)
        assert code == 0, answer
    if (of.root / JOURNAL).exists():
        assert_sound(of.root)


def without_program(of):
    settings = (of.root / "vtm.toml").read_text("utf-8")
    put(of.root, "vtm.toml", settings.replace(json.dumps(of.plan.argv), '["no-such-agent"]'))
    commit(of.root)


def without_git(of):
    shutil.rmtree(of.root / ".git")


def without_commit(of):
    shutil.rmtree(of.root / ".git")
    git(of.root, "init", "-q")


def with_detached_head(of):
    git(of.root, "checkout", "-q", "--detach")


def with_dirt(of):
    put(of.root, "check.py", "changed\n")


def with_branch_elsewhere(of):
    git(of.root, "worktree", "add", "-q", "-b", f"feat/{TASK}", str(of.root.parent / "elsewhere"))


def with_path_taken(of):
    put(of.root, f".worktrees/feat/{TASK}/mine.txt", "mine\n")


def with_worktrees_as_file(of):
    put(of.root, ".worktrees", "a file\n")


WRONG = {
    "no program: run": (without_program, RUN, 5, "AGENT-MISSING"),
    "no program: spawn": (without_program, SPAWN, 5, "AGENT-MISSING"),
    "no git: run": (without_git, RUN, 2, "NOT-A-REPOSITORY"),
    "no git: spawn": (without_git, SPAWN, 2, "NOT-A-REPOSITORY"),
    "no git: make": (without_git, MAKE, 2, "NOT-A-REPOSITORY"),
    "no git: merge": (without_git, MERGE, 2, "NOT-A-REPOSITORY"),
    "no commit: run": (without_commit, RUN, 5, "NO-COMMIT"),
    "no commit: spawn": (without_commit, SPAWN, 5, "NO-COMMIT"),
    "no commit: make": (without_commit, MAKE, 5, "NO-COMMIT"),
    "no commit: merge": (without_commit, MERGE, 1, "NO-MAIN-BRANCH"),
    "detached: run": (with_detached_head, RUN, 1, "BLOCKED::NOT-ON-MAIN-BRANCH"),
    "detached: spawn": (with_detached_head, SPAWN, 1, "BLOCKED::NOT-ON-MAIN-BRANCH"),
    "detached: merge": (with_detached_head, MERGE, 1, "DETACHED-HEAD"),
    "dirty: run": (with_dirt, RUN, 1, "BLOCKED::DIRTY-GIT-STATUS"),
    "dirty: spawn": (with_dirt, SPAWN, 1, "BLOCKED::DIRTY-GIT-STATUS"),
    "dirty: merge": (with_dirt, MERGE, 1, "BLOCKED::DIRTY-GIT-STATUS"),
    "branch elsewhere: run": (with_branch_elsewhere, RUN, 1, "WORKTREE-BRANCH-TAKEN"),
    "branch elsewhere: make": (with_branch_elsewhere, MAKE, 4, "WORKTREE-BRANCH-TAKEN"),
    "path taken: run": (with_path_taken, RUN, 1, "WORKTREE-PATH-TAKEN"),
    "path taken: make": (with_path_taken, MAKE, 4, "WORKTREE-PATH-TAKEN"),
    "a file in the way: run": (with_worktrees_as_file, RUN, 1, "BLOCKED::DIRTY-GIT-STATUS"),
    "a file in the way: make": (with_worktrees_as_file, MAKE, 5, "NOT-WRITTEN"),
}


@pytest.mark.parametrize(("spoil", "command", "code", "name"), WRONG.values(), ids=WRONG)
def test_wrong_surroundings(spoil, command, code, name, tmp_path):
    of = shop(tmp_path, [entry(TASK)])
    spoil(of)
    before = everything(of.root)
    found, answer = asked(of, command)
    assert (found, code_in(answer)) == (code, name)
    assert of.plan.audit == []
    assert everything(of.root) == before
    status = vtm(of.root, "show", TASK, "--json").json["status"]
    assert status == "pending"
    assert_usable(of)


def code_in(answer):
    """The code that an answer gives for what is wrong; a next step comes with it."""
    for each in [*answer.get("failed", ()), *answer.get("held", ()), *([answer] if "code" in answer else [])]:
        assert each.get("fix") or "; " in each["reason"]
        return (each.get("codes") or [each["code"]])[0]
    raise AssertionError(answer)


def everything(root):
    """All that is in the project but what vtm and git keep for themselves, with its content."""
    kept = [each for each in root.rglob("*") if each.is_file() and ".git" not in each.relative_to(root).parts]
    names = {"task-events.jsonl", "task-state.json"}
    return {each: each.read_bytes() for each in kept if each.name not in names}
