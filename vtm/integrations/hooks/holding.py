"""Which tasks an agent's session works on."""

import os
from datetime import timedelta
from functools import cached_property

from vtm.app.app import App
from vtm.app.made_branches import MadeBranches
from vtm.app.task_branches import task_of_branch
from vtm.discovery import DATABASE, runtime_folder
from vtm.git.head import branch_at
from vtm.integrations.hooks.event import Event
from vtm.model.lease import Lease
from vtm.model.settings import seconds
from vtm.model.status import Status
from vtm.model.task import Task

UNTOLD = "mcp-"
"""What a session begins with that the MCP server made up, because its client did not tell its own."""
_FRESH = timedelta(minutes=1)
"""So long a lease that was renewed is not renewed again: most calls need not write."""


class Holding:
    """What one session works on.

    It is the task that the environment names (`VTM_TASK`, set by whoever started the agent); else the one
    whose branch is checked out where the agent is and that somebody has a lease of; else all that are leased
    to the session or, where one of both names none, to the agent in `VTM_AGENT`; else the one whose branch
    it is. A client may claim a task without telling its session: see `likely`.
    """

    def __init__(self, app: App, event: Event) -> None:
        self._app = app
        self._session = event.session_id
        self._agent = os.environ.get("VTM_AGENT", "")
        self._task = os.environ.get("VTM_TASK", "")
        self._leases = _leases(app)
        self._branch = branch_at(app.project.work)

    @cached_property
    def named(self) -> list[str]:
        """Ids of these, which need not be tasks."""
        if self._claimed:
            return self._claimed
        task = task_of_branch(self._app, self._branch)
        return [task.task_id] if task else []

    @property
    def likely(self) -> list[str]:
        """Ids of `named`; without any, the only live lease there is, where it names no session."""
        live = [lease for lease in self._leases.values() if lease.expires_at > self._app.now]
        alone = [lease.task for lease in live if not lease.session or lease.session.startswith(UNTOLD)]
        return self.named or (alone if len(live) == 1 else [])

    def running(self, names: list[str]) -> list[Task]:
        """Those of `names` that are in progress; without names nothing is read."""
        if not names:
            return []
        backlog = self._app.backlog
        tasks = [backlog[name] for name in names if name in backlog]
        return [task for task in tasks if backlog.status(task.task_id) is Status.IN_PROGRESS]

    def epoch(self, task: Task) -> int:
        """Under which a task is worked on; 0: nobody ever claimed it."""
        return self._app.backlog.state_of(task).epoch

    def renew(self) -> None:
        """Prolong the leases that are this session's own."""
        stale = [
            lease
            for lease in self._leases.values()
            if self._is_own(lease) and self._app.now - lease.renewed_at > _FRESH
        ]
        if not stale:
            return
        from vtm.stores.runtime import SqliteRuntime  # noqa: PLC0415  sqlite3: 5 ms

        runtime = SqliteRuntime(runtime_folder(self._app.project))
        now = runtime.clock(self._app.instant)
        until = now + timedelta(seconds=seconds(self._app.settings.lease_ttl))
        with runtime.transaction():
            for lease in stale:
                runtime.renew(lease.task, lease.epoch, now, until)
        runtime.tick(now)

    @cached_property
    def _claimed(self) -> list[str]:
        """Ids of those that are known without a look at the backlog."""
        if self._task:
            return [self._task]
        branches = MadeBranches(self._app.project)
        of_branch = [name for name in self._leases if branches.of(name) == self._branch]
        return of_branch or [name for name, lease in self._leases.items() if self._is_leased(lease)]

    def _is_own(self, lease: Lease) -> bool:
        """Whether the session is the holder, and does not only look on where the holder works."""
        if lease.session and self._session and lease.task != self._task:
            return lease.session == self._session
        return lease.task in self._claimed

    def _is_leased(self, lease: Lease) -> bool:
        if lease.session and self._session:
            return lease.session == self._session
        return bool(self._agent) and lease.owner == self._agent


def _leases(app: App) -> dict[str, Lease]:
    folder = runtime_folder(app.project)
    if not (folder / DATABASE).exists():
        return {}
    from vtm.stores.runtime import SqliteRuntime  # noqa: PLC0415  sqlite3: 5 ms

    return SqliteRuntime(folder).leases()
