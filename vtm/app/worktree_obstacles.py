"""What keeps the worktree of a task from being taken away."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from stat import S_IWUSR
from typing import NamedTuple

from vtm.app.app import App
from vtm.app.leasing import live_leases
from vtm.discovery import runtime_folder
from vtm.git.standing import Standing, changed_in
from vtm.model.session import SessionStatus
from vtm.model.status import Status
from vtm.queries.shell_words import call
from vtm.stores.sessions import SqliteSessions

_SHOWN = 3


class Case(NamedTuple):
    """A worktree that is to be taken away.

    Attributes:
        merged: Whether main has all that its branch has.
    """

    app: App
    task: str
    branch: str
    path: Path
    stands: Standing
    merged: bool


class Obstacle(NamedTuple):
    """What keeps it: a code for programs, and one sentence without a full stop."""

    code: str
    reason: str


def obstacle(case: Case, *, force: bool) -> Obstacle | None:
    """The first thing that keeps a worktree; None: nothing does.

    Under `force` only that counts which could lose work, or break what goes on there.
    """
    looks = _ALWAYS if force else (*_ALWAYS, *_UNFORCED)
    return next((found for look in looks if (found := look(case))), None)


def _session(case: Case) -> Obstacle | None:
    sessions = SqliteSessions(runtime_folder(case.app.project)).of_task(case.task)
    active = [each.id for each in sessions if each.status is SessionStatus.ACTIVE]
    if not active:
        return None
    return Obstacle(
        "SESSION-ACTIVE", f"session {active[-1]} is active; `{call('abort', active[-1])}` ends it"
    )


def _caller(case: Case) -> Obstacle | None:
    here = case.app.project.work.is_relative_to(case.path.resolve())
    return Obstacle("WORKTREE-IN-USE", "you are in it; run this in the main worktree") if here else None


def _lock(case: Case) -> Obstacle | None:
    if case.stands.locked is None:
        return None
    why = f": {case.stands.locked}" if case.stands.locked else ""
    return Obstacle("WORKTREE-LOCKED", f"it is locked{why}; `git worktree unlock` opens it")


def _unfinished(case: Case) -> Obstacle | None:
    what = case.stands.unfinished
    return Obstacle("UNFINISHED-IN-GIT", f"{what} waits to be finished there") if what else None


def _submodules(case: Case) -> Obstacle | None:
    if not case.stands.has_submodules:
        return None
    return Obstacle("WORKTREE-SUBMODULES", "it has submodules, whose work nobody would save")


def _rights(case: Case) -> Obstacle | None:
    writable = case.path.stat().st_mode & S_IWUSR and os.access(case.path, os.W_OK)
    return None if writable else Obstacle("WORKTREE-READ-ONLY", "its folder is read-only")


def _lease(case: Case) -> Obstacle | None:
    app = case.app
    if case.task not in app.backlog or app.backlog.status(case.task) is not Status.IN_PROGRESS:
        return None
    lease = live_leases(app.project, app.settings, app.backlog, app.now).get(case.task)
    return Obstacle("LEASE-HELD", f"{lease.owner} holds its lease") if lease else None


def _elsewhere(case: Case) -> Obstacle | None:
    if case.stands.branch == case.branch:
        return None
    return Obstacle("OTHER-BRANCH", f"it has {case.stands.branch or 'no branch'} checked out")


def _dirt(case: Case) -> Obstacle | None:
    changed = changed_in(case.path)
    if not changed:
        return None
    shown = ", ".join(each[3:] for each in changed[:_SHOWN])
    more = f" and {len(changed) - _SHOWN} more" if len(changed) > _SHOWN else ""
    return Obstacle("WORKTREE-DIRTY", f"it has changes that are not committed: {shown}{more}")


def _unmerged(case: Case) -> Obstacle | None:
    if case.merged:
        return None
    done = case.task in case.app.backlog and case.app.backlog.status(case.task) is Status.COMPLETED
    how = f"; `{call('merge', case.task)}` brings them there" if done else ""
    return Obstacle("NOT-MERGED", f"main lacks commits of {case.branch}{how}")


Look = Callable[[Case], Obstacle | None]
_ALWAYS: Sequence[Look] = (_session, _caller, _lock, _unfinished, _submodules, _rights)
_UNFORCED: Sequence[Look] = (_lease, _elsewhere, _unmerged, _dirt)
