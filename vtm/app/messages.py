"""Messages between the coordinator and its workers: where they are kept, and what is too long for one."""

from vtm.app.app import App
from vtm.discovery import runtime_folder
from vtm.errors import WrongUsageError
from vtm.model.message import LONGEST
from vtm.stores.messages import SqliteMessages


def messages_of(app: App) -> SqliteMessages:
    """The messages of a project."""
    return SqliteMessages(runtime_folder(app.project))


def fitting(text: str) -> str:
    """`text`, which is not too long for a message.

    Raises:
        WrongUsageError: It is.
    """
    if len(text) > LONGEST:
        raise WrongUsageError(
            f"the text has {len(text)} characters, and a message has at most {LONGEST}",
            code="TOO-LARGE",
            fix="write it to a file and name that",
        )
    return text
