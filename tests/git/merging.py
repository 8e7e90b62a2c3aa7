"""Repositories in which git merges with the driver of this checkout."""

import os
import subprocess
import sys
from datetime import datetime
from typing import NamedTuple

from tests.checkout import ROOT
from tests.projects import STATE, task, write
from tests.repositories import commit, git, repository, vtm
from vtm.model.event import Details, Event, Kind
from vtm.model.state import UNTOUCHED
from vtm.model.transitions import TRANSITIONS, advance
from vtm.sources.state import JsonState
from vtm.stores.journal import Journal, encoded
from vtm.stores.state_file import Changed, edited

JOURNAL = "docs/backlog/task-events.jsonl"
CONFLICTS = "docs/backlog/task-state.conflicts.json"
TASKS = [task("A--T01"), task("A--T02"), task("A--T03")]
DRIVER = f"PYTHONPATH='{ROOT}' '{sys.executable}' -m vtm git-merge %O %A %B %P"


def project(folder, *, tasks=TASKS, below=""):
    """A repository with a committed project that git merges with the driver."""
    top = repository(folder)
    root = top / below
    write(root, tasks)
    assert vtm(root, "init", "--git").code == 0
    git(top, "config", "merge.vtm.driver", DRIVER)
    for name in ("pre-commit", "prepare-commit-msg", "commit-msg"):
        (top / ".git/hooks" / name).unlink()
    commit(top)
    return top


def happen(root, kind, task_id="A--T01", at="2026-03-01T12:00:00Z", **details):
    """Let something legal happen to a task: a line in the journal, and the entry that comes of it."""
    state_path, journal_path = root / STATE, root / JOURNAL
    state = JsonState(state_path, STATE).load(thorough=False).state.tasks.get(task_id)
    lines = journal_path.read_bytes() if journal_path.exists() else b""
    number = len(Journal(lines).read[0])
    now = (state or UNTOUCHED).status
    epoch = (state or UNTOUCHED).epoch + (kind in {Kind.START, Kind.TAKEOVER})
    to = TRANSITIONS[now, kind]
    identity = f"{at}-{number:04}-{task_id}"
    moment = datetime.fromisoformat(at)
    event = Event(identity, moment, task_id, kind, now, to, "ada", epoch, Details(**details))
    after = advance(None, state or UNTOUCHED, event)
    journal_path.write_bytes(lines + encoded([event]))
    state_path.write_bytes(
        edited(state_path.read_bytes(), STATE, {task_id: Changed(state, after)}, {"last_updated": at})
    )


class Ended(NamedTuple):
    """How a command of git ended."""

    code: int
    said: str


def try_git(folder, *arguments):
    """Run git, which may fail, as a user would who has no variables set for it."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env=os.environ | {"GIT_EDITOR": "true"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return Ended(done.returncode, done.stdout)
