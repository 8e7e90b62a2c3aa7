"""One writer at a time in a project."""

from contextlib import AbstractContextManager

from vtm.app.app import App
from vtm.discovery import runtime_folder
from vtm.model.settings import seconds
from vtm.stores.lock import locked


def held(app: App) -> AbstractContextManager[None]:
    """Keep everybody else from writing until the context is left.

    Raises:
        ConflictError: Somebody else holds it, and did for as long as one waits.
        ExternalError: The system refuses.
    """
    return locked(runtime_folder(app.project), seconds(app.settings.lock_wait))
