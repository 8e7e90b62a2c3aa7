"""Compares the present with a checkpoint."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from vtm.app.app import App
from vtm.app.bench import Bench
from vtm.app.checkpoints import checkpoint_named, position_of, top_of
from vtm.app.made_branches import MadeBranches
from vtm.errors import VtmError
from vtm.git.contents import Contents
from vtm.git.lines import History
from vtm.git.merging import Mainline
from vtm.model.backlog import Backlog
from vtm.model.checkpoint import Checkpoint, Entries, Record
from vtm.model.state import TaskState
from vtm.queries.checkpoint import card
from vtm.queries.checkpoint_shown import CheckpointShown, CommitLine, TaskSince, tasks_since

_HEADS = "refs/heads/"


class Then(NamedTuple):
    """A checkpoint with what was known then.

    Attributes:
        entries: By task; one that is not in it was pending.
    """

    found: Checkpoint
    record: Record
    entries: Mapping[str, TaskState]

    @classmethod
    def read(cls, app: App, name: str) -> "Then":
        """The checkpoint with this name.

        Raises:
            WrongUsageError: There is none, or the project is in no git repository.
            VtmError: Its tag was moved or deleted by hand.
            ExternalError: Git cannot answer.
        """
        found, record = checkpoint_named(app, name)
        data = Contents.at(top_of(app)).of([record.entries], found.snapshot).get(record.entries, b"")
        try:
            entries = msgspec.json.decode(data, type=Entries).tasks
        except msgspec.DecodeError as error:
            raise VtmError(
                f"the checkpoint {name} is damaged: what was known of tasks cannot be read: {error}",
                code="CHECKPOINT-DAMAGED",
                fix=f"make another one; `git show {found.snapshot}` shows what is left of it",
            ) from None
        return cls(found, record, entries)


def shown(app: App, name: str, limit: int) -> CheckpointShown:
    """A checkpoint, and what has happened since: at most `limit` commits and events, the latest ones.

    Raises:
        WrongUsageError: There is none, or the project is in no git repository.
        VtmError: Its tag was moved or deleted by hand.
        ExternalError: Git cannot answer.
    """
    then, top, bench = Then.read(app, name), top_of(app), Bench(app)
    written = bench.files.read()
    backlog = bench.backlog(bench.ledger(written, held=False).recorded)
    events = position_of(app, name).since(written.journal.read[0])
    commits = commits_since(top, then.record)
    return CheckpointShown(
        card(then.found),
        len(commits),
        len(events),
        commits[:limit],
        events[-limit:],
        changed_tasks(backlog, then, task_branches(app, backlog)),
        truncated=max(len(commits), len(events)) > limit,
    )


def commits_since(top: Path, record: Record) -> list[CommitLine]:
    """The commits that main has and had not, the latest first."""
    found = History(top).since(record.commit, f"{_HEADS}{record.branch}")
    return [CommitLine(each.id, each.at, each.subject) for each in found]


def changed_tasks(backlog: Backlog, then: Then, branches: Mapping[str, str]) -> list[TaskSince]:
    """The tasks of which something else is known."""
    return tasks_since(then.entries, backlog.state.tasks, branches)


def task_branches(app: App, backlog: Backlog) -> dict[str, str]:
    """The branches that tasks have."""
    there, branches = Mainline(top_of(app)).branches([]), MadeBranches(app.project)
    names = ((task.task_id, branches.of(task.task_id)) for task in backlog.tasks)
    return {task_id: branch for task_id, branch in names if branch in there}
