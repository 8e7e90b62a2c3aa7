"""Makes a receipt of each context file that an agent reads."""

from vtm.app.app import App
from vtm.app.places import name_in
from vtm.integrations.hooks.event import READING, Event
from vtm.integrations.hooks.holding import Holding


def answer(app: App, event: Event) -> None:
    """Remember what was read, for the tasks that refer to it; a file that was read in part does not count."""
    Holding(app, event).renew()
    if not event.uses(READING) or event.partial:
        return
    work = app.project.work
    names = [name for path in event.paths(work) if (name := name_in(work, path))]
    if not names:
        return
    from vtm.app.seeing import seen  # noqa: PLC0415  hashlib, sqlite3: 8 ms, only for a file of the project

    seen(app, names)
