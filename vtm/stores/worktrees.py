"""Worktrees that were made for tasks, in the database of what runs now."""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from vtm.model.task import Timestamp
from vtm.stores.database import Database, row_of


class Worktree(Struct, frozen=True):
    """The worktree that was made for a task.

    Attributes:
        branch: That was checked out there.
        path: Its top level, absolute.
        base: The commit of main that the branch was cut from, or at which the two parted; empty: they have
            nothing in common.
    """

    task: str
    branch: str
    path: str
    base: str
    made_at: Timestamp


class SqliteWorktrees:
    """The worktrees in the database in `folder`; every method raises `ExternalError` where that is no use."""

    def __init__(self, folder: Path) -> None:
        self._database = Database(folder, "worktrees")

    def all(self) -> Sequence[Worktree]:
        """All of them, in the order in which they were made."""
        return self._database.records("all", Worktree)

    def of_task(self, task_id: str) -> Worktree | None:
        """That of a task."""
        return next(iter(self._database.records("of_task", Worktree, {"task": task_id})), None)

    def keep(self, worktree: Worktree) -> None:
        """Keep one, in the place of what was kept for its task."""
        self._database.change("keep", row_of(worktree))

    def forget(self, task_id: str) -> None:
        """Forget that of a task, if there is one."""
        if self._database.path.exists():
            self._database.change("forget", {"task": task_id})
