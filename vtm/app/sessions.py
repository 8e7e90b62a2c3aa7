"""Sessions of a project: where they are kept, and where they run."""

import socket
from pathlib import Path

from vtm.app.app import App
from vtm.discovery import runtime_folder
from vtm.model.session import Session, folder_name
from vtm.stores.sessions import SqliteSessions

ATTENDED = "attended.lock"
"""Held, in the place of a session, by the process that waits for its end to take over what comes of it."""
_FOLDER = "sessions"


def sessions_of(app: App) -> SqliteSessions:
    """The sessions of a project."""
    return SqliteSessions(runtime_folder(app.project))


def place_of(app: App, session: Session) -> Path:
    """The folder in which things of a session are kept: its prompt, its output, the lock of its process."""
    return runtime_folder(app.project) / _FOLDER / folder_name(session.id)


def is_here(session: Session) -> bool:
    """Whether a session runs on this machine."""
    return session.host == socket.gethostname()
