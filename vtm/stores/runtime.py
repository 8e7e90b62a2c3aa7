"""What is known of agents that run now: an SQLite database that is never committed."""

import os
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import msgspec

from vtm.discovery import DATABASE
from vtm.errors import ExternalError
from vtm.model.lease import Lease
from vtm.model.task import Timestamp
from vtm.ports.recording import Receipt, Runtime
from vtm.stores.statements import statements

T = TypeVar("T")
WAIT = 10.0
"""Seconds that one waits for another process that writes."""

_DAMAGED = re.compile(r"not a database|malformed|file is encrypted|no such (table|column)")


class SqliteRuntime(Runtime):
    """The database in `folder`; it is made when something is first written to it.

    A damaged one is set aside: what is in it is worth less than being able to work, and the epochs of
    state and journal keep old leases out. Where the damage shows while it is at work, the call fails.

    Attributes:
        path: The file.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / DATABASE

    def clock(self, now: Timestamp) -> Timestamp:
        """`now`, or the latest moment that was seen where the clock went back since."""
        return max([now, *(_sound(row["latest"], Timestamp) for row in self._rows("clock", {}))])

    def tick(self, now: Timestamp) -> None:
        """Remember that it was `now`, where there is anything to remember it for."""
        if self.path.exists():
            with self._writing() as database:
                database.execute(_SQL["tick"], {"now": _text(now)})

    def leases(self) -> dict[str, Lease]:
        """The latest lease of each task that was not ended, expired ones included."""
        if not self.path.exists():
            return {}
        with self._using() as database:
            rows = database.execute(_SQL["leases"]).fetchall()
            return {row["task"]: _sound(dict(row), Lease) for row in rows}

    def epoch(self, task_id: str) -> int:
        """The largest epoch that was granted for a task; 0 where none was."""
        rows = self._rows("epoch", {"task": task_id})
        return int(rows[0]["epoch"]) if rows else 0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """What is granted, renewed and ended inside counts when the context is left without an error."""
        with self._writing():
            yield

    def grant(self, lease: Lease) -> None:
        """Grant `lease`."""
        with self._writing() as database:
            database.execute(_SQL["grant"], _row(lease))

    def renew(self, task_id: str, epoch: int, renewed_at: Timestamp, expires_at: Timestamp) -> bool:
        """Prolong a lease; False where there is none with this epoch."""
        if not self.path.exists():
            return False
        given = {"task": task_id, "epoch": epoch}
        moments = {"renewed_at": _text(renewed_at), "expires_at": _text(expires_at)}
        with self._writing() as database:
            return database.execute(_SQL["renew"], given | moments).rowcount == 1

    def end(self, task_id: str) -> None:
        """End the lease of a task, if there is one."""
        if self.path.exists():
            with self._writing() as database:
                database.execute(_SQL["end"], {"task": task_id})

    def keep(self, receipts: Sequence[Receipt], now: Timestamp) -> None:
        """Remember receipts; one for the same file of the same task and worktree is replaced."""
        with self._writing() as database:
            database.executemany(
                _SQL["keep"], [each._asdict() | {"read_at": _text(now)} for each in receipts]
            )

    def receipts(self, task_id: str) -> Sequence[Receipt]:
        """The receipts of a task."""
        return [Receipt(**dict(row)) for row in self._rows("receipts", {"task": task_id})]

    def _rows(self, name: str, given: Mapping[str, Any]) -> list[sqlite3.Row]:
        if not self.path.exists():
            return []
        with self._using() as database:
            return database.execute(_SQL[name], given).fetchall()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that nobody else writes beside; it counts when the context is left without error."""
        with self._using() as database:
            if database.in_transaction:
                yield database
                return
            database.execute("BEGIN IMMEDIATE")
            with database:
                yield database

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        try:
            yield self._database
        except OverflowError as error:  # an epoch that no database holds
            raise self._failed(str(error)) from None
        except sqlite3.Error as error:
            if damaged := _DAMAGED.search(str(error)):
                self._put_aside()
            raise self._failed(str(error), "it was set aside; " if damaged else "") from None

    def _failed(self, reason: str, done: str = "") -> ExternalError:
        return ExternalError(
            f"{self.path.name}, which holds leases and receipts, cannot be used: {reason}",
            code="RUNTIME-FAILED",
            fix=f"{done}run it again; if it stays so, see what holds {self.path}",
        )

    @cached_property
    def _database(self) -> sqlite3.Connection:
        try:
            return self._opened()
        except sqlite3.DatabaseError as error:
            if not _DAMAGED.search(str(error)):
                raise
        except OSError as error:
            raise self._failed((error.strerror or "it failed").lower()) from None
        self._put_aside()
        return self._opened()

    def _put_aside(self) -> None:
        try:
            self.path.replace(self.path.with_name(f"{DATABASE}.damaged"))
            for ending in ("-wal", "-shm"):
                self.path.with_name(DATABASE + ending).unlink(missing_ok=True)
        except FileNotFoundError:  # another process was faster
            return
        except OSError as error:
            raise self._failed((error.strerror or "it failed").lower()) from None

    def _opened(self) -> sqlite3.Connection:
        if not self.path.exists():
            self._create()
        database = sqlite3.connect(self.path, timeout=WAIT, isolation_level=None)
        database.row_factory = sqlite3.Row
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute("SELECT count(*) FROM lease")
        return database

    def _create(self) -> None:
        """Make the file whole under another name: two processes may do so at once, and one of them wins."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".runtime-", dir=self.path.parent) as folder:
            fresh = Path(folder) / DATABASE
            with closing(sqlite3.connect(fresh)) as database:
                database.execute("PRAGMA journal_mode = WAL")
                database.executescript(_SQL["create"])
            with suppress(FileExistsError):
                os.link(fresh, self.path)


def _sound(value: object, kind: type[T]) -> T:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise sqlite3.DatabaseError(f"a malformed value: {error}") from None


def _text(moment: Timestamp) -> str:
    """A moment as the database holds it: all are equally long, so that they sort as they follow."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _row(lease: Lease) -> dict[str, Any]:
    fields = msgspec.structs.asdict(lease)
    return {key: value if isinstance(value, str | int) else _text(value) for key, value in fields.items()}


_SQL = statements("runtime")
