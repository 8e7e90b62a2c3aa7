"""Leases, looked at by who writes nothing."""

from datetime import datetime, timedelta

from vtm.discovery import Project
from vtm.engine.leases import latest_leases, live
from vtm.model.backlog import Backlog
from vtm.model.lease import Lease
from vtm.model.settings import Settings, seconds
from vtm.stores.files import Files
from vtm.stores.runtime import SqliteRuntime


def live_leases(project: Project, settings: Settings, backlog: Backlog, now: datetime) -> dict[str, Lease]:
    """The leases that are not over, by task: the same that whoever writes is held to.

    Raises:
        UnreadableError: The journal cannot be read.
        ExternalError: The database cannot be used.
    """
    files = Files.of(project, settings.paths)
    runtime, journal = SqliteRuntime(files.runtime), files.read().journal
    ttl = timedelta(seconds=seconds(settings.lease_ttl))
    leases = latest_leases(runtime.leases(), journal.of, backlog, ttl)
    return live(leases, runtime.clock(now))
