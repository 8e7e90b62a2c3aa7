"""Sessions, one line each."""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct

from vtm.model.liveness import Judged, Signs
from vtm.model.session import Session, SessionStatus
from vtm.model.task import Timestamp

RUNS = frozenset({SessionStatus.ACTIVE, SessionStatus.STALE})
"""The statuses of what is not over."""


class SessionLine(Struct, frozen=True):
    """One session.

    Attributes:
        id: `task_id` is its task.
        here: Whether it runs on this machine; of one that does not, only what was recorded is known.
        unattended: Whether it is not over, and nobody waits for its end: `vtm run --resume` does.
        age_seconds: From its start to its end, or until now; `silent_seconds` since it was last heard of.
        said: The last line that it printed, without what a terminal could obey; empty: none is known.
        unread: How many messages wait for it.
        blocking: What it said that keeps it from going on.
        reason: Why it ended, or why it is stale; empty: there is nothing to say.
    """

    id: str
    task_id: str
    status: SessionStatus
    runner: str
    agent: str
    attempt: int
    epoch: int
    started_at: Timestamp
    ended_at: Timestamp | None
    heard_at: Timestamp
    age_seconds: int
    silent_seconds: int
    said: str
    worktree: str
    branch: str
    parent: str
    run: str
    host: str
    here: bool
    unattended: bool
    exit_code: int | None
    reason: str
    unread: int
    blocking: Sequence[str]


class SessionList(Struct, frozen=True, tag_field="schema", tag="vtm.sessions/1"):
    """Sessions: those that run, in the order of their start, then those that are over, the latest first."""

    sessions: Sequence[SessionLine]
    total: int
    returned: int
    truncated: bool


class Seen(NamedTuple):
    """One session as it stands, with what can be seen of it and what was said to it and by it."""

    session: Session
    signs: Signs
    judged: Judged
    unread: int = 0
    blocking: Sequence[str] = ()


def session_list(
    seen: Sequence[Seen], now: Timestamp, *, active: bool = False, task: str = "", limit: int = 0
) -> SessionList:
    """Those that run, then those that are over; `task` "" is any, and `limit` 0 is none."""
    fit = [
        each
        for each in seen
        if (each.judged.status in RUNS or not active) and task in {"", each.session.task}
    ]
    running = [each for each in fit if each.judged.status in RUNS]
    over = [each for each in fit if each.judged.status not in RUNS]
    fit = running + sorted(over, key=lambda each: each.session.started_at, reverse=True)
    lines = [_line(each, now) for each in (fit[:limit] if limit else fit)]
    return SessionList(lines, len(fit), len(lines), len(lines) < len(fit))


def _line(seen: Seen, now: Timestamp) -> SessionLine:
    session, judged = seen.session, seen.judged
    return SessionLine(
        id=session.id,
        task_id=session.task,
        status=judged.status,
        runner=session.runner,
        agent=session.agent,
        attempt=session.attempt,
        epoch=session.epoch,
        started_at=session.started_at,
        ended_at=session.ended_at,
        heard_at=judged.heard_at,
        age_seconds=_between(session.started_at, session.ended_at or now),
        silent_seconds=_between(judged.heard_at, now),
        said=seen.signs.said,
        worktree=session.worktree,
        branch=session.branch,
        parent=session.parent,
        run=session.run,
        host=session.host,
        here=seen.signs.here,
        unattended=session.ended_at is None and seen.signs.here and not seen.signs.attended,
        exit_code=session.exit_code if session.ended_at else seen.signs.exit_code,
        reason=judged.reason,
        unread=seen.unread,
        blocking=seen.blocking,
    )


def _between(start: Timestamp, end: Timestamp) -> int:
    """Whole seconds, never less than 0: clocks go back."""
    return max(0, int((end - start).total_seconds()))
