"""Which sessions this process attends to: an engine that dies leaves them to the next one."""

from pathlib import Path

import filelock

from vtm.app.sessions import ATTENDED
from vtm.stores.durable import refused


class Attention:
    """Sessions that this process attends to."""

    def __init__(self) -> None:
        self._held: dict[str, filelock.BaseFileLock] = {}

    def hold(self, session: str, place: Path) -> bool:
        """Attend to a session, whose folder is `place`; False where another process does.

        Raises:
            ExternalError: The system refuses.
        """
        if session in self._held:
            return True
        try:
            place.mkdir(parents=True, exist_ok=True)
            lock = filelock.FileLock(place / ATTENDED, timeout=0, thread_local=False)
            lock.acquire()
        except filelock.Timeout:
            return False
        except OSError as error:
            raise refused(place.as_posix(), error) from None
        self._held[session] = lock
        return True

    def let_go(self, session: str) -> None:
        """Attend to a session no longer."""
        lock = self._held.pop(session, None)
        if lock is not None:
            lock.release()
