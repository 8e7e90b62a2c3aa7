"""Sessions: agent processes that work at tasks, and what is said to them and by them."""

import re
from enum import StrEnum

from msgspec import Struct

from vtm.model.task import Timestamp

_UNFIT = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST = 80


class SessionStatus(StrEnum):
    """How a session stands.

    `active`: its process runs. `completed`: it ended well. `failed`: it ended otherwise, was too slow, or its
    process is gone. `aborted`: somebody ended it. `stale`: nothing was heard of it for the length of a lease;
    that is never recorded, it is told from `active` by who looks.
    """

    ACTIVE = "active"
    COMPLETED = "completed"
    FAILED = "failed"
    ABORTED = "aborted"
    STALE = "stale"


class Session(Struct, frozen=True):
    """One agent process on one task.

    Attributes:
        id: `task:attempt`; the workflow that drives it is called the same.
        epoch: Of the lease under which it works.
        attempt: From 1; it only grows over all sessions of the task.
        runner: Name of the runner; `agent`: what the client is to be, empty: as it is by itself.
        worktree: Top level of its worktree, absolute; `branch` is checked out there, `base` is the commit of
            main that it was cut from.
        parent: Id of the session that started it; empty: none did.
        run: Id of the run that it belongs to; empty: it was started by itself.
        host: Where it runs; `pid` is its keeper there, 0: none was started yet.
        heard_at: When there was last any sign of life.
        exit_code: 128 and the number of the signal that killed it; None: it did not end, or nobody knows.
        reason: Why it ended as it did, one sentence; empty: nobody said.
        settled: Whether what came of it was taken over into the state.
    """

    id: str
    task: str
    epoch: int
    attempt: int
    runner: str
    started_at: Timestamp
    heard_at: Timestamp
    agent: str = ""
    worktree: str = ""
    branch: str = ""
    base: str = ""
    parent: str = ""
    run: str = ""
    host: str = ""
    pid: int = 0
    status: SessionStatus = SessionStatus.ACTIVE
    ended_at: Timestamp | None = None
    exit_code: int | None = None
    reason: str = ""
    settled: bool = False


def session_id(task_id: str, attempt: int) -> str:
    """The id of a session: `A--T01:1`."""
    return f"{task_id}:{attempt}"


def folder_name(session: str) -> str:
    """The name of the folder in which things of a session are kept, whatever its id is: no two share one."""
    from hashlib import sha256  # noqa: PLC0415  3 ms, only where sessions are

    mark = sha256(session.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{_UNFIT.sub('-', session)[:_LONGEST].strip('-.')}-{mark}"
