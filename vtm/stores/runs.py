"""Runs, in the database of what runs now."""

from pathlib import Path

from vtm.model.run import Run
from vtm.model.task import Timestamp
from vtm.stores.database import Database, moment_text


class SqliteRuns:
    """The runs in the database in `folder`; every method raises `ExternalError` where that is no use."""

    def __init__(self, folder: Path) -> None:
        self._database = Database(folder, "runs")

    def latest(self) -> Run | None:
        """The run that was begun last."""
        return next(iter(self._database.records("latest", Run)), None)

    def begin(self, host: str, pid: int, asked: str, now: Timestamp) -> int:
        """Keep a new one; its id."""
        given = {"host": host, "pid": pid, "asked": asked, "now": moment_text(now)}
        with self._database.writing() as database:
            return database.execute(self._database.sql["begin"], given).lastrowid or 0

    def end(self, run: int, outcome: str, now: Timestamp) -> None:
        """It is over."""
        self._database.change("end", {"id": run, "outcome": outcome, "now": moment_text(now)})
