"""How workflows are kept in SQLite: whole after a crash, without waiting for the disk at each step."""

import sqlite3
from contextlib import suppress
from typing import Any


class Connection(sqlite3.Connection):
    """A connection with a write-ahead log.

    The library's own settings wait for the disk some four times in each transaction, of which a session has
    several. With these the last ones may be missing when the power goes away, and state and journal, which
    are the truth, are not.

    Source: sqlite.org/pragma.html, `journal_mode` and `synchronous`.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        with suppress(
            sqlite3.DatabaseError
        ):  # another process sets it, or the first statement says what is wrong
            self.execute("PRAGMA journal_mode = WAL")
        self.execute("PRAGMA synchronous = NORMAL")
