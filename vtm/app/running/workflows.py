"""Where the progress of sessions is recorded."""

import os
import re
import socket
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from vtm.app.app import App
from vtm.discovery import runtime_folder
from vtm.errors import ExternalError, WrongUsageError
from vtm.ports.workflows import Attendant, Workflows
from vtm.stores.durable import refused
from vtm.stores.lock import WORKFLOWS, locked

_FILE = "workflows.db"
_DAMAGED = re.compile("not a database|disk image is malformed")
"""What SQLite says of a file that holds something else than it has written."""
_PATIENCE = 60.0
"""Seconds that one waits for another that puts a damaged file aside."""
_LIBRARIES = ("dbos", "rich")
"""What comes with the extra and is imported from there."""


def workflows_of(app: App, attendant: Attendant) -> Workflows:
    """The workflows of this process.

    Raises:
        WrongUsageError: What they need is not installed.
        ExternalError: Their database cannot be used.
    """
    refuse_without_library()
    from vtm.workflows.sessions import DbosWorkflows  # noqa: PLC0415  dbos: 500 ms

    folder = runtime_folder(app.project)
    own = folder / _FILE
    url = app.settings.run.database or f"sqlite:///{own}"
    executor = f"{socket.gethostname()}-{os.getpid()}"
    schema = "vtm_" + sha256(f"{socket.gethostname()} {folder}".encode()).hexdigest()[:12]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refused(folder.as_posix(), error) from None
    try:
        return DbosWorkflows(url, executor, attendant, schema)
    except ExternalError as error:
        if app.settings.run.database or not _DAMAGED.search(error.message):
            raise
    with locked(folder, _PATIENCE, WORKFLOWS):
        try:  # somebody else may have put it aside meanwhile
            return DbosWorkflows(url, executor, attendant, schema)
        except ExternalError as error:
            if not _DAMAGED.search(error.message):
                raise
        _put_aside(own)
        return DbosWorkflows(url, executor, attendant, schema)


def _put_aside(path: Path) -> None:
    """What is in a damaged file is worth less than being able to work: the state says what is left to do."""
    try:
        for each in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                path.with_name(_FILE + each).replace(path.with_name(f"{_FILE}.damaged{each}"))
    except OSError as error:
        raise refused(path.as_posix(), error) from None


def refuse_without_library() -> None:
    """Let nothing start where the library of workflows is not installed.

    Raises:
        WrongUsageError: It is not.
    """
    from importlib.util import find_spec  # noqa: PLC0415  only where runs begin

    if any(find_spec(name) is None for name in _LIBRARIES):
        raise WrongUsageError(
            "what `vtm run` needs is not installed", code="MISSING-EXTRA", fix="pip install 'vtm[run]'"
        )
