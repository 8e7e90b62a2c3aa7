"""The SQLite database of what runs now; it is never committed, and work is not lost with it."""

import os
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import msgspec

from vtm.discovery import DATABASE
from vtm.errors import ExternalError
from vtm.model.task import Timestamp
from vtm.stores.connections import connect, is_open
from vtm.stores.statements import statements

T = TypeVar("T")
WAIT = 10.0
"""Seconds that one waits for another process that writes."""

_DAMAGED = re.compile(r"not a database|malformed|file is encrypted|no such (table|column)")
_FIRST = "runtime"
"""Whose tables every such database has."""


class Database:
    """The database in `folder` as one store sees it; it is made when something is first written to it.

    A damaged one is set aside: what is in it is worth less than being able to work, and the epochs of
    state and journal keep old leases out. Where the damage shows while it is at work, the call fails.

    Attributes:
        path: The file.
        sql: The statements of the store, from the file that is called like it; `create` makes its tables.
    """

    def __init__(self, folder: Path, store: str) -> None:
        self.path = folder / DATABASE
        self.sql = statements(store)
        self._store = store
        self._last: sqlite3.Connection | None = None

    def rows(self, name: str, given: Mapping[str, Any] | None = None) -> list[sqlite3.Row]:
        """What the statement `name` finds; nothing where there is no database.

        Raises:
            ExternalError: The database cannot be used.
        """
        if not self.path.exists():
            return []
        with self.using() as database:
            return database.execute(self.sql[name], given or {}).fetchall()

    def records(self, name: str, kind: type[T], given: Mapping[str, Any] | None = None) -> list[T]:
        """What the statement `name` finds, each row as a `kind`; nothing where there is no database.

        Raises:
            ExternalError: The database cannot be used.
        """
        if not self.path.exists():
            return []
        with self.using() as database:
            return [sound(dict(row), kind) for row in database.execute(self.sql[name], given or {})]

    def change(self, name: str, given: Mapping[str, Any]) -> int:
        """Let the statement `name` change something; how many rows it changed.

        Raises:
            ExternalError: The database cannot be used.
        """
        with self.writing() as database:
            return database.execute(self.sql[name], given).rowcount

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that nobody else writes beside; it counts when the context is left without error."""
        with self.using() as database:
            if database.in_transaction:
                yield database
                return
            database.execute("BEGIN IMMEDIATE")
            with database:
                yield database

    @contextmanager
    def using(self) -> Iterator[sqlite3.Connection]:
        """The database, to be asked; it is made where there is none.

        Raises:
            ExternalError: The database cannot be used.
        """
        try:
            yield self._connected()
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

    def _connected(self) -> sqlite3.Connection:
        if self._last is None or not is_open(self._last):
            self._last = self._sound_one()
        return self._last

    def _sound_one(self) -> sqlite3.Connection:
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
        database = connect(self.path, WAIT)
        database.row_factory = sqlite3.Row
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute("SELECT count(*) FROM lease")
        if self._store != _FIRST:
            database.executescript(self.sql["create"])
        return database

    def _create(self) -> None:
        """Make the file whole under another name: two processes may do so at once, and one of them wins."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".runtime-", dir=self.path.parent) as folder:
            fresh = Path(folder) / DATABASE
            with closing(sqlite3.connect(fresh)) as database:
                database.execute("PRAGMA journal_mode = WAL")
                database.executescript(statements(_FIRST)["create"])
            with suppress(FileExistsError):
                os.link(fresh, self.path)


def sound(value: object, kind: type[T]) -> T:
    """`value` from a row as a `kind`; 0 and 1 are no and yes where that is asked for.

    Raises:
        DatabaseError: It is none: the row is damaged.
    """
    try:
        return msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError as error:
        raise sqlite3.DatabaseError(f"a malformed value: {error}") from None


def moment_text(moment: Timestamp) -> str:
    """A moment as the database holds it: all are equally long, so that they sort as they follow."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def row_of(record: msgspec.Struct) -> dict[str, Any]:
    """The fields of a record as the database holds them; an enumeration is its value, None stays None."""
    fields = msgspec.structs.asdict(record)
    return {
        key: value if value is None or isinstance(value, str | int) else moment_text(value)
        for key, value in fields.items()
    }
