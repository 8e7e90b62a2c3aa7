"""Records what happens to tasks: judged, decided and written under one lock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from msgspec.structs import replace

from vtm.engine.desk import Desk
from vtm.engine.leases import moment_after
from vtm.engine.request import Request
from vtm.errors import ConflictError
from vtm.model.lease import Lease
from vtm.model.settings import seconds
from vtm.model.state import TaskState
from vtm.model.status import Status
from vtm.ports.recording import Runtime, StateStore
from vtm.ports.surroundings import Surroundings
from vtm.queries.changed import Changed


class Recorder:
    """Changes what is known of tasks.

    Attributes:
        notices: What was found out of order on the way; sentences for a person.
    """

    def __init__(self, store: StateStore, runtime: Runtime, around: Surroundings) -> None:
        self.notices: list[str] = []
        self._store = store
        self._runtime = runtime
        self._around = around

    @property
    def ttl(self) -> timedelta:
        """How long a lease lasts where nobody says otherwise."""
        return timedelta(seconds=seconds(self._around.settings.lease_ttl))

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """Keep everybody else from writing while one change is made.

        Raises:
            UnreadableError: A file cannot be read.
            ConflictError: Somebody else writes, or wrote.
            ExternalError: The system, git or the database refuses.
        """
        with self._store.held() as ledger:
            desk = Desk(ledger, self._runtime, self._around, self.ttl)
            yield desk
            self.notices += desk.notices

    def record(self, request: Request) -> Changed:
        """Let one thing happen to one task.

        Raises:
            WrongUsageError: There is no such task, or what comes with it cannot be meant.
            RefusedError: Gates refuse.
            IllegalTransitionError: It cannot happen to a task in this status.
        """
        with self.desk() as desk:
            return desk.record(request)

    def heartbeat(self, task_id: str, state: TaskState, epoch: int, ttl: timedelta) -> Lease:
        """Prolong the lease of a task that is in `state`.

        Where the database was lost, there is a lease again: state and journal know whose it is.

        Raises:
            ConflictError: The lease is over.
        """
        now = self._runtime.clock(self._around.now)
        until = moment_after(now, ttl)
        current = state.status is Status.IN_PROGRESS and state.epoch == epoch
        if current and self._runtime.renew(task_id, epoch, now, until):
            self._runtime.tick(now)
            return self._runtime.leases()[task_id]
        with self.desk() as desk:
            lease = desk.leases().get(task_id) if current else None
            if lease is None or lease.epoch != epoch:
                raise ConflictError(
                    f"there is no lease of {task_id} with epoch {epoch}",
                    code=f"BLOCKED::STALE-EPOCH::{task_id}",
                    fix="stop working at it and take another task; what is on your branch is not lost",
                )
            lease = replace(lease, renewed_at=now, expires_at=max(lease.expires_at, until))
            self._runtime.grant(lease)
            return lease
