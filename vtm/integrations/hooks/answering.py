"""From an event to what is printed about it."""

from datetime import datetime
from importlib import import_module
from pathlib import Path

from vtm.app.app import App
from vtm.integrations.hooks.event import Event, heard
from vtm.integrations.hooks.reply import Reply, spoken


def answer(name: str, data: bytes, folder: Path, now: datetime | None = None) -> str:
    """What is printed about the event `name` whose JSON is `data`; empty: nothing.

    The module of that name answers it. It is about the project of `folder`, or of where the agent is.

    Raises:
        VtmError: The project cannot be read.
    """
    event = heard(data)
    if event is None:
        return ""
    app = App.at(_folder(folder, event), now)
    reply: Reply | None = import_module(f"vtm.integrations.hooks.{name.replace('-', '_')}").answer(app, event)
    return spoken(reply) if reply else ""


def _folder(asked: Path, event: Event) -> Path:
    """Where the agent is, where nobody has said where to run: a hook may be started elsewhere."""
    at = Path(event.cwd)
    return at if asked == Path() and event.cwd and at.is_absolute() and at.is_dir() else asked
