"""Where the progress of sessions is recorded."""

import os
import socket
from hashlib import sha256

from vtm.app.app import App
from vtm.discovery import runtime_folder
from vtm.errors import WrongUsageError
from vtm.ports.workflows import Attendant, Workflows
from vtm.stores.durable import refused

_FILE = "workflows.db"
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
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refused(folder.as_posix(), error) from None
    url = app.settings.run.database or f"sqlite:///{folder / _FILE}"
    schema = "vtm_" + sha256(f"{socket.gethostname()} {folder}".encode()).hexdigest()[:12]
    return DbosWorkflows(url, f"{socket.gethostname()}-{os.getpid()}", attendant, schema)


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
