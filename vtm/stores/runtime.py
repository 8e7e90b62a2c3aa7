"""What is known of agents that run now: leases, receipts, and the latest time that was seen."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from vtm.model.lease import Lease
from vtm.model.task import Timestamp
from vtm.ports.recording import Receipt, Runtime
from vtm.stores.database import Database, moment_text, row_of


class _Clock(Struct):
    latest: Timestamp


class SqliteRuntime(Runtime):
    """Leases and receipts in the database in `folder`.

    Attributes:
        path: The file.
    """

    def __init__(self, folder: Path) -> None:
        self._database = Database(folder, "runtime")
        self.path = self._database.path

    def clock(self, now: Timestamp) -> Timestamp:
        """`now`, or the latest moment that was seen where the clock went back since."""
        return max([now, *(each.latest for each in self._database.records("clock", _Clock))])

    def tick(self, now: Timestamp) -> None:
        """Remember that it was `now`, where there is anything to remember it for."""
        if self.path.exists():
            self._database.change("tick", {"now": moment_text(now)})

    def leases(self) -> dict[str, Lease]:
        """The latest lease of each task that was not ended, expired ones included."""
        return {lease.task: lease for lease in self._database.records("leases", Lease)}

    def epoch(self, task_id: str) -> int:
        """The largest epoch that was granted for a task; 0 where none was."""
        return max((row["epoch"] for row in self._database.rows("epoch", {"task": task_id})), default=0)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """What is granted, renewed and ended inside counts when the context is left without an error."""
        with self._database.writing():
            yield

    def grant(self, lease: Lease) -> None:
        """Grant `lease`."""
        self._database.change("grant", row_of(lease))

    def renew(self, task_id: str, epoch: int, renewed_at: Timestamp, expires_at: Timestamp) -> bool:
        """Prolong a lease; False where there is none with this epoch."""
        if not self.path.exists():
            return False
        given = {"task": task_id, "epoch": epoch}
        moments = {"renewed_at": moment_text(renewed_at), "expires_at": moment_text(expires_at)}
        return self._database.change("renew", given | moments) == 1

    def end(self, task_id: str) -> None:
        """End the lease of a task, if there is one."""
        if self.path.exists():
            self._database.change("end", {"task": task_id})

    def keep(self, receipts: Sequence[Receipt], now: Timestamp) -> None:
        """Remember receipts; one for the same file of the same task and worktree is replaced."""
        with self._database.writing() as database:
            database.executemany(
                self._database.sql["keep"],
                [each._asdict() | {"read_at": moment_text(now)} for each in receipts],
            )

    def receipts(self, task_id: str) -> Sequence[Receipt]:
        """The receipts of a task."""
        return [Receipt(**dict(row)) for row in self._database.rows("receipts", {"task": task_id})]
