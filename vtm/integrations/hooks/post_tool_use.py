"""Makes a receipt of each context file that an agent reads, and tells it of messages that wait for it."""

import os

from vtm.app.app import App
from vtm.app.places import name_in
from vtm.integrations.hooks.event import READING, Event
from vtm.integrations.hooks.holding import Holding
from vtm.integrations.hooks.reply import Reply, told


def answer(app: App, event: Event) -> Reply | None:
    """Remember what was read, for the tasks that refer to it; a file that was read in part does not count.

    An agent that vtm started is told how many messages it has not read.
    """
    Holding(app, event).renew()
    if event.uses(READING) and not event.partial:
        _seen(app, event)
    session = os.environ.get("VTM_SESSION", "")
    return _waiting(app, session) if session else None


def _seen(app: App, event: Event) -> None:
    work = app.project.work
    names = [name for path in event.paths(work) if (name := name_in(work, path))]
    if not names:
        return
    from vtm.app.seeing import seen  # noqa: PLC0415  hashlib, sqlite3: 8 ms, only for a file of the project

    seen(app, names)


def _waiting(app: App, session: str) -> Reply | None:
    from vtm.app.messages import messages_of  # noqa: PLC0415  sqlite3: 5 ms, only in a session of vtm's own

    count = messages_of(app).unread().get(session, 0)
    if not count:
        return None
    what = "1 message waits" if count == 1 else f"{count} messages wait"
    return told("PostToolUse", f"{what} for you: read with `vtm inbox`.")
