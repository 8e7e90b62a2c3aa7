"""What processes left behind that died, and a database that they broke."""

import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import msgspec

from vtm.discovery import DATABASE
from vtm.errors import ExternalError
from vtm.model.lease import Lease
from vtm.model.task import Timestamp
from vtm.stores.database import WAIT

SET_ASIDE = f"{DATABASE}.damaged"
"""Name of a damaged database that was set aside."""

_RANDOM = r"\.[a-z0-9_]{8}"
_TASK_FILE = re.compile(rf"\..+\.md{_RANDOM}(?P<locked>\.tmp)?")
_FOLDER = re.compile(r"\.runtime-[a-z0-9_]{8}")
_OTHER_TROUBLE = re.compile(r"locked|busy|unable to open|readonly|disk I/O|full", re.IGNORECASE)


def temporary_files(path: Path, *, unlocked_before: float) -> Iterator[Path]:
    """What was to take the place of `path`; only for who holds the lock.

    Files that vtm also makes without the lock must not have changed since `unlocked_before`, a Unix time.
    """
    path = path.resolve()
    replacing = re.compile(rf"\.{re.escape(path.name)}{_RANDOM}\.tmp")
    creating = re.compile(rf"\.{re.escape(path.name)}{_RANDOM}")
    for each in _names(path.parent):
        old = creating.fullmatch(each.name) and _changed(each) < unlocked_before
        if (old or replacing.fullmatch(each.name)) and each.is_file():
            yield each


def temporary_task_files(folder: Path, *, unlocked_before: float) -> Iterator[Path]:
    """What was to take the place of a Markdown file in `folder` or below; see `temporary_files`."""
    for path, _, names in os.walk(folder):
        for name in sorted(names):
            match = _TASK_FILE.fullmatch(name)
            if match and (match["locked"] or _changed(Path(path, name)) < unlocked_before):
                yield Path(path, name)


def temporary_folders(folder: Path, before: float) -> Iterator[Path]:
    """Folders in which a database was to be made, and that have not changed since `before`, a Unix time."""
    for each in _names(folder):
        if _FOLDER.fullmatch(each.name) and each.is_dir() and _changed(each) < before:
            yield each


def remove(path: Path) -> None:
    """Remove a file or folder; what cannot be removed stays."""
    with suppress(OSError):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def database_problem(folder: Path) -> str:
    """What is wrong with the database in `folder`; empty: nothing, or there is none.

    Raises:
        ExternalError: It cannot be looked at, which need not mean that it is damaged.
    """
    path = folder / DATABASE
    if not path.exists():
        return ""
    try:
        with closing(sqlite3.connect(path, timeout=WAIT, isolation_level=None)) as database:
            database.row_factory = sqlite3.Row
            for lease in database.execute("SELECT * FROM lease"):
                msgspec.convert(dict(lease), Lease)
            for (latest,) in database.execute("SELECT latest FROM clock"):
                msgspec.convert(latest, Timestamp)
            database.execute("SELECT count(*) FROM receipt").fetchone()
            (answer,) = database.execute("PRAGMA quick_check(1)").fetchone()
            return "" if answer == "ok" else str(answer)
    except msgspec.ValidationError as error:
        return str(error)
    except sqlite3.Error as error:
        if not _OTHER_TROUBLE.search(str(error)):
            return str(error)
        raise ExternalError(
            f"{DATABASE}, which holds leases and receipts, cannot be used: {error}",
            code="RUNTIME-FAILED",
            fix=f"run it again; if it stays so, see what holds {path}",
        ) from None


def set_aside(folder: Path) -> None:
    """Put a damaged database out of the way; what cannot be moved stays."""
    with suppress(OSError):
        (folder / DATABASE).replace(folder / SET_ASIDE)
        for ending in ("-wal", "-shm"):
            (folder / (DATABASE + ending)).unlink(missing_ok=True)


def _names(folder: Path) -> list[Path]:
    """What is in a folder, sorted; nothing where it cannot be looked at."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return float("inf")
