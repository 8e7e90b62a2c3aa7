"""Sessions, in the database of what runs now."""

from collections.abc import Sequence
from pathlib import Path

from vtm.model.session import Session, SessionStatus
from vtm.model.task import Timestamp
from vtm.ports.sessions import Sessions
from vtm.stores.database import Database, moment_text, row_of


class SqliteSessions(Sessions):
    """The sessions in the database in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._database = Database(folder, "sessions")

    def all(self) -> Sequence[Session]:
        """All of them, in the order in which they were started."""
        return self._database.records("all", Session)

    def named(self, session: str) -> Session | None:
        """The one with this id."""
        return next(iter(self._database.records("named", Session, {"id": session})), None)

    def of_task(self, task_id: str) -> Sequence[Session]:
        """Those of a task, by attempt."""
        return self._database.records("of_task", Session, {"task": task_id})

    def add(self, session: Session) -> bool:
        """Keep a new one; False where there is one with this id, which stays as it is."""
        return self._database.change("add", row_of(session)) == 1

    def started(self, session: str, pid: int, now: Timestamp) -> None:
        """Its keeper runs as `pid`."""
        self._database.change("started", {"id": session, "pid": pid, "now": moment_text(now)})

    def heard(self, session: str, now: Timestamp) -> None:
        """There was a sign of life."""
        self._database.change("heard", {"id": session, "now": moment_text(now)})

    def ended(
        self, session: str, status: SessionStatus, now: Timestamp, *, exit_code: int | None, reason: str
    ) -> bool:
        """It is over; False where it was over already, and how that was stays recorded."""
        given = {"id": session, "status": status, "now": moment_text(now)}
        return self._database.change("ended", given | {"exit_code": exit_code, "reason": reason}) == 1

    def settle(self, session: str) -> None:
        """What came of it was taken over into the state."""
        self._database.change("settle", {"id": session})
