"""Looks at the worktrees of tasks."""

import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from vtm.app.app import App
from vtm.app.leasing import live_leases
from vtm.app.sessions import sessions_of
from vtm.app.worktree_places import MERGE, top_of
from vtm.app.worktree_seeing import seen, unseen
from vtm.discovery import runtime_folder
from vtm.git.head import branch_at
from vtm.git.listing import Linked, linked_worktrees
from vtm.git.places import same_place
from vtm.git.standing import changed_in, standing
from vtm.git.worktrees import Branch, Worktrees
from vtm.queries.commands import WORKTREES
from vtm.queries.commit_message import PREFIX, branch_of
from vtm.queries.worktree_current import Change, CurrentWorktree, WorktreeStatus
from vtm.queries.worktree_list import Seen, WorktreeList, WorktreeStand, stand, worktree_list
from vtm.stores.worktrees import SqliteWorktrees, Worktree


class Views:
    """The worktrees of a project's repository, as they are now.

    Raises:
        WrongUsageError: Outside git.
        ExternalError: Git or the database cannot be asked.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._top = top_of(app)
        self._recorded = SqliteWorktrees(runtime_folder(app.project)).all()
        of_merges = self._top / WORKTREES / MERGE
        self._linked = [each for each in linked_worktrees(self._top) if not same_place(each.path, of_merges)]

    def tasks(self) -> list[str]:
        """Ids of all tasks that have a worktree, or had one that is recorded; each once."""
        return list(
            dict.fromkeys(
                [*(each.task for each in self._recorded), *filter(None, map(self._task, self._linked))]
            )
        )

    def all(self) -> WorktreeList:
        """How each of them stands, and those that are recorded and gone."""
        found = [self._seen(each) for each in self._linked]
        known = [self._record(each) for each in self._linked]
        found += [
            unseen(record, self._branches.get(record.branch))
            for record in self._recorded
            if record not in known
        ]
        return worktree_list(self._main.name if self._main else "", self._stands(found))

    def current(self) -> CurrentWorktree:
        """The one that the caller is in."""
        here = self._here()
        if here is None:
            branch, reason = branch_at(self._top), "this is the main worktree, which is of no task"
            return CurrentWorktree(branch=branch, path=str(self._top), reason=reason)
        task, record = self._task(here), self._record(here)
        reason = "" if task else f"{here.branch or 'no branch'} is checked out here, which is of no task"
        return CurrentWorktree(task, here.branch, str(here.path), record.base if record else "", reason)

    def status(self) -> WorktreeStatus:
        """How the one stands that the caller is in."""
        here, told = self._here(), self.current()
        if here is None or not told.task:
            return WorktreeStatus(None, reason=told.reason)
        changes = [Change(each[:2], _printable(each[3:])) for each in changed_in(here.path, each=True)]
        (found,), stands = self._stands([self._seen(here)]), standing(here.path, self._top)
        ordered = sorted(changes, key=lambda each: each.path)
        return WorktreeStatus(found, ordered, stands.unfinished if stands else "")

    def _stands(self, found: Sequence[Seen]) -> list[WorktreeStand]:
        app = self._app
        leases = live_leases(app.project, app.settings, app.backlog, app.now)
        owners = {name: lease.owner for name, lease in leases.items()}
        sessions = sessions_of(app).all()
        return [stand(each, sessions, owners) for each in found]

    def _seen(self, linked: Linked) -> Seen:
        return seen(self._top, linked, self._task(linked), self._record(linked), self._main)

    @cached_property
    def _branches(self) -> dict[str, Branch]:
        names = [*self._app.settings.git.main, *(each.branch for each in self._recorded)]
        return Worktrees(self._top).branches(names)

    @property
    def _main(self) -> Branch | None:
        names = self._app.settings.git.main
        return next((self._branches[name] for name in names if name in self._branches), None)

    def _here(self) -> Linked | None:
        work = self._app.project.work
        within = [each for each in self._linked if work.is_relative_to(each.path.resolve())]
        return max(within, key=lambda each: len(each.path.parts), default=None)

    def _record(self, linked: Linked) -> Worktree | None:
        """What was recorded of it; of one that was moved by hand, what was of its branch."""
        there = [each for each in self._recorded if same_place(Path(each.path), linked.path)]
        moved = [each for each in self._recorded if each.branch == linked.branch]
        return next(iter(there or moved), None)

    def _task(self, linked: Linked) -> str:
        """The task of a worktree: as it was recorded, else as its branch is called; empty: it is of none."""
        record = self._record(linked)
        return record.task if record else self._tasks_by_name.get(linked.branch.rpartition("/")[2], "")

    @cached_property
    def _tasks_by_name(self) -> dict[str, str]:
        return {
            branch_of(each.task_id).removeprefix(PREFIX): each.task_id for each in self._app.backlog.tasks
        }


def _printable(path: str) -> str:
    """A path as text; bytes that are no UTF-8 come as escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
