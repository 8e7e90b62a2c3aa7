"""What has happened since a checkpoint, and what going back to it would change."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from vtm.model.event import Event
from vtm.model.state import UNTOUCHED, TaskState, decided
from vtm.model.status import Status
from vtm.queries.checkpoint import CheckpointCard


class CommitLine(Struct, frozen=True):
    """A commit, by its full id."""

    commit: str
    at: datetime
    subject: str


class TaskSince(Struct, frozen=True):
    """A task of which something else is known than at a checkpoint.

    Attributes:
        then: Its status at the checkpoint; `now` the present one. They may be the same: criteria, notes and
            whatever else is known count too.
        branch: The branch of the task, where there is one.
    """

    task_id: str
    then: Status
    now: Status
    branch: str = ""


class CheckpointShown(Struct, frozen=True, tag_field="schema", tag="vtm.checkpoint.show/1"):
    """A checkpoint, and what has happened since.

    Attributes:
        commits: That main has and had not, the latest first; all of `commits_total`, or the latest ones.
        events: That came into the journal, the last one at the end; likewise.
        tasks: Of which something else is known now.
        truncated: Whether commits or events were left out.
    """

    checkpoint: CheckpointCard
    commits_total: int
    events_total: int
    commits: Sequence[CommitLine]
    events: Sequence[Event]
    tasks: Sequence[TaskSince]
    truncated: bool


class Obstacle(Struct, frozen=True):
    """Something that forbids to go back."""

    code: str
    message: str
    fix: str


class Concerned(Struct, frozen=True):
    """A worktree with work that the checkpoint does not have; it stays as it is."""

    path: str
    branch: str


class RolledBackTo(Struct, frozen=True, tag_field="schema", tag="vtm.checkpoint.rollback/1"):
    """What going back to a checkpoint changes.

    Attributes:
        commits: Whose changes main loses, the latest first; the commits themselves stay in its history.
        paths: Files that change, relative to the top level of the repository.
        tasks: Whose entries change: `now` becomes `then`.
        worktrees: Concerned by it.
        obstacles: What forbids it; nothing was changed then.
        applied: Whether it was done.
        saved: The checkpoint of what was there before; empty: it was not done.
        commit: Id of the commit that restores the files; empty: none was needed, or it was not done.
    """

    checkpoint: CheckpointCard
    commits: Sequence[CommitLine]
    paths: Sequence[str]
    tasks: Sequence[TaskSince]
    worktrees: Sequence[Concerned]
    obstacles: Sequence[Obstacle] = ()
    applied: bool = False
    saved: str = ""
    commit: str = ""


def is_same(one: TaskState | None, other: TaskState | None) -> bool:
    """Whether two entries say the same of a task; epochs, which never go back, do not count."""
    left, right = decided(one), decided(other)
    return all(getattr(left, name) == getattr(right, name) for name in _COMPARED)


_COMPARED = [name for name in TaskState.__struct_fields__ if name != "epoch"]


def tasks_since(
    then: Mapping[str, TaskState], now: Mapping[str, TaskState], branches: Mapping[str, str]
) -> list[TaskSince]:
    """The tasks of which something else is known, by id; `branches` are those that tasks have."""
    return [
        TaskSince(
            name,
            then.get(name, UNTOUCHED).status,
            now.get(name, UNTOUCHED).status,
            branches.get(name, ""),
        )
        for name in sorted({*then, *now})
        if not is_same(then.get(name), now.get(name))
    ]
