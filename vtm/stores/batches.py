"""Batches, in the database of what runs now."""

from collections.abc import Sequence
from pathlib import Path

from vtm.errors import ConflictError
from vtm.model.batch import LockedBatch, Place
from vtm.model.task import Timestamp
from vtm.ports.batches import Batches
from vtm.stores.database import Database, moment_text, row_of


class SqliteBatches(Batches):
    """The batches in the database in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._database = Database(folder, "batches")

    def all(self) -> Sequence[LockedBatch]:
        """All of them, in the order in which they were locked."""
        return self._database.records("all", LockedBatch)

    def places(self, batch: str | None = None) -> Sequence[Place]:
        """Which task is in which batch, batch by batch in the order of launching; None: of all batches."""
        return self._database.records("places", Place, {"batch": batch})

    def of_task(self, task_id: str) -> Place | None:
        """The batch that a task is in: the one that is not finished, else the last one. None: none."""
        return next(iter(self._database.records("of_task", Place, {"task": task_id})), None)

    def add(self, batch: LockedBatch, tasks: Sequence[str]) -> None:
        """Keep a new one with these tasks, all or none.

        Raises:
            ConflictError: Its id is taken, or a task is in another batch that is not finished.
        """
        with self._database.writing() as database:
            new = database.execute(self._database.sql["add"], row_of(batch)).rowcount
            rows = [{"batch": batch.id, "task": task, "place": at} for at, task in enumerate(tasks)]
            held = database.executemany(self._database.sql["hold"], rows).rowcount
            if (new, held) != (1, len(rows)):
                raise ConflictError(
                    f"batch {batch.id} cannot be locked: somebody else locks one at this moment",
                    code="BATCH-TAKEN",
                    fix="run it again",
                )

    def finish(self, batch: str, without: Sequence[str], now: Timestamp) -> None:
        """Take the tasks `without` out of a batch, and finish it."""
        sql = self._database.sql
        with self._database.writing() as database:
            database.executemany(sql["take_out"], [{"batch": batch, "task": each} for each in without])
            database.execute(sql["let_go"], {"batch": batch})
            database.execute(sql["finish"], {"batch": batch, "now": moment_text(now)})
