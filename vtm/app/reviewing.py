"""Looks back on what the journal has of a period."""

import re
from datetime import datetime, timedelta

from vtm.app.app import App
from vtm.model.settings import seconds
from vtm.queries.aar import AfterAction, Period, after_action
from vtm.stores.files import Files
from vtm.stores.journal import Journal

_SPAN = re.compile(r"[0-9]{1,6}[smhdw]")


def reviewed(app: App, since: datetime | str | None) -> AfterAction:
    """The after-action review of what happened since a moment, a length of time or a checkpoint; None: ever.

    Raises:
        WrongUsageError: There is no such checkpoint.
        VtmError: The tag of the checkpoint was moved or deleted by hand.
        UnreadableError: The backlog or the journal cannot be read.
        ExternalError: Git cannot answer.
    """
    journal = Files.of(app.project, app.settings.paths).read().journal
    return after_action(app.backlog, journal.read[0], _period(app, journal, since), app.settings)


def _period(app: App, journal: Journal, since: datetime | str | None) -> Period:
    events, bad = journal.read
    lines = [each.line for each in bad]
    if isinstance(since, str) and not _SPAN.fullmatch(since):
        from vtm.app.checkpoints import position_of  # noqa: PLC0415  git: 5 ms, only for a checkpoint

        position = position_of(app, since)
        return Period(since, position.at, position.seen, app.now, lines)
    if since is None:
        return Period("", None, (), app.now, lines)
    start = since if isinstance(since, datetime) else _ago(app.now, since)
    seen = frozenset(event.id for event in events if event.at < start)
    said = since if isinstance(since, str) else since.isoformat().replace("+00:00", "Z")
    return Period(said, start, seen, app.now, lines)


def _ago(now: datetime, span: str) -> datetime:
    """The moment that long before `now`; never before the year 1970, before which nothing happened."""
    length = timedelta(seconds=seconds(span))
    first = datetime(1970, 1, 1, tzinfo=now.tzinfo)
    return now - length if now - first > length else first
