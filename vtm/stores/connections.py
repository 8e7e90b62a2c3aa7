"""Connections to SQLite, none of which is ever carried into a copy of this process.

A copy would believe to hold locks that the system gave to the original alone. What it writes then replaces
what others have written meanwhile.
"""

import os
import sqlite3
from pathlib import Path
from weakref import WeakSet


class _Connection(sqlite3.Connection):
    """A connection that a weak set can hold."""


_open: WeakSet[_Connection] = WeakSet()


def connect(path: Path, wait: float) -> sqlite3.Connection:
    """A connection to the database in `path`, which waits `wait` seconds for others that write.

    Raises:
        DatabaseError: It cannot be opened.
    """
    connection = sqlite3.connect(
        path,
        timeout=wait,
        isolation_level=None,
        check_same_thread=False,  # whichever thread makes a copy closes all
        factory=_Connection,
    )
    _open.add(connection)
    return connection


def is_open(connection: sqlite3.Connection) -> bool:
    """Whether it can still be used: it cannot in a process that was copied since it was made."""
    return connection in _open


def _close_all() -> None:
    """Close those that are open, also those that nobody uses any more and that are still in memory."""
    for each in list(_open):
        each.close()
    _open.clear()


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(before=_close_all)
