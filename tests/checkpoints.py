"""A project in a repository, with a checkpoint and what has happened since."""

import json

import msgspec

from tests.projects import STATE, put, task, write
from tests.repositories import commit, git, repository, vtm
from tests.task_files import write_files
from vtm.model.state import TaskState
from vtm.queries.checkpoint_shown import is_same

JOURNAL = "docs/backlog/task-events.jsonl"
TASKS = [
    task("A--T01", file_scope=["src/a/**"]),
    task("B--T01", file_scope=["src/b/**"]),
    task("C--T01", phase="Phase 2", file_scope=["src/c/**"]),
]
FORMS = {"manifest": write, "files": write_files}
"""Ways to declare tasks."""


def project(root, form="manifest", *, committed=True):
    """A repository on main with three tasks; A--T01 is in progress."""
    folder = FORMS[form](repository(root, commit_first=False), TASKS)
    put(folder, "src/a/kept.py", "kept\n")
    put(folder, "src/a/edited.py", "one\n")
    put(folder, "tests/test_a.py", "")
    put(folder, "tests/test_b.py", "")
    if committed:
        commit(folder, "First")
    ok(folder, "start", "A--T01")
    return folder


def go_on(folder):
    """Change, add and remove files on main, complete a task, start one, and note something."""
    put(folder, "src/a/edited.py", "two\n")
    put(folder, "src/a/new.py", "new\n")
    git(folder, "rm", "-q", "src/a/kept.py")
    git(folder, "add", "src")
    git(folder, "commit", "-q", "-m", "Second")
    ok(folder, "ac", "A--T01", "AC01")
    ok(folder, "complete", "A--T01", "--tests-passed", "1", "--commit", "HEAD")
    ok(folder, "start", "B--T01")
    ok(folder, "note", "C--T01", "Look at it")


def ok(folder, *arguments):
    """Run vtm, which has to succeed; returns its answer."""
    answer = vtm(folder, *arguments)
    assert answer.code == 0, answer.err
    return answer


def entries(folder):
    """What is known of each task, but for what follows from declarations and order."""
    shown = ok(folder, "show", "A--T01", "--json")  # whatever the state lags behind is brought to light
    assert shown.json
    raw = json.loads((folder / STATE).read_text("utf-8"))["tasks"]
    return {name: msgspec.convert(each, TaskState) for name, each in raw.items()}


def assert_same_entries(one, other):
    """Whether the same is known of all tasks; epochs, which never go back, do not count."""
    for name in {*one, *other}:
        assert is_same(one.get(name), other.get(name)), (name, one.get(name), other.get(name))


def files(folder):
    """Path to bytes of all files below `src`."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in (folder / "src").rglob("*.py")}


def foreign(folder):
    """What git says of the worktree beside vtm's own files."""
    own = (STATE, JOURNAL)
    told = git(folder, "status", "--porcelain", "--untracked-files=all").splitlines()
    return [line for line in told if line[2:].strip() not in own and not line.endswith(".md")]
