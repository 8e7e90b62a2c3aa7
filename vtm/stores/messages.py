"""Messages, in the database of what runs now."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from vtm.model.message import Audience, Draft, Message
from vtm.model.task import Timestamp
from vtm.ports.messages import Messages
from vtm.stores.database import Database, moment_text, row_of, sound


class SqliteMessages(Messages):
    """The messages in the database in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._database = Database(folder, "messages")

    def send(self, draft: Draft) -> Message:
        """Put a message behind those that are there."""
        with self._database.writing() as database:
            row = database.execute(self._database.sql["send"], row_of(draft)).fetchone()
        return sound(dict(row), Message)

    def all(self, audience: Audience, session: str | None = None) -> Sequence[Message]:
        """Those for `audience`, in the order of sending, and none is marked as read."""
        return self._database.records("all", Message, {"audience": audience, "session": session})

    def unread(self) -> Mapping[str, int]:
        """How many messages the worker of each session was not shown, by the id of the session."""
        return {row["session"]: row["number"] for row in self._database.rows("unread")}

    def take(self, audience: Audience, now: Timestamp, session: str | None = None) -> Sequence[Message]:
        """Those that were not read, in the order of sending; they are from now on, for whoever asks.

        Whoever asks at the same moment waits, and finds them read.
        """
        given = {"audience": audience, "session": session, "now": moment_text(now)}
        if not self._database.path.exists():
            return []
        with self._database.writing() as database:
            rows = database.execute(self._database.sql["take"], given).fetchall()
        found = [sound(dict(row), Message) for row in rows]
        return sorted(found, key=lambda each: each.id)  # what is returned comes in any order
