"""Where the progress of sessions is recorded."""

import os
import socket
from hashlib import sha256
from pathlib import Path

from vtm.app.app import App
from vtm.discovery import runtime_folder
from vtm.errors import WrongUsageError
from vtm.ports.workflows import Attendant, Workflows
from vtm.stores.durable import refused

_FILE = "workflows.db"
_MAGIC = b"SQLite format 3\0"
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
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if _is_damaged(own):  # the state says what is left to do
            own.replace(own.with_name(f"{_FILE}.damaged"))
    except OSError as error:
        raise refused(folder.as_posix(), error) from None
    url = app.settings.run.database or f"sqlite:///{own}"
    schema = "vtm_" + sha256(f"{socket.gethostname()} {folder}".encode()).hexdigest()[:12]
    return DbosWorkflows(url, f"{socket.gethostname()}-{os.getpid()}", attendant, schema)


def _is_damaged(path: Path) -> bool:
    """Whether a file is there that is no database: what is in it is worth less than being able to work."""
    try:
        with path.open("rb") as file:
            start = file.read(len(_MAGIC))
    except OSError:
        return False
    return start not in {b"", _MAGIC}


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
