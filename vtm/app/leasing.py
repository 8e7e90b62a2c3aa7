"""Leases, looked at by who writes nothing."""

from datetime import datetime, timedelta

from vtm.discovery import Project, runtime_folder
from vtm.engine.leases import latest_leases
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
    folder = runtime_folder(project)
    runtime = SqliteRuntime(folder)
    journal = Files(project.root, settings.paths.state, settings.paths.journal, folder).read().journal
    ttl = timedelta(seconds=seconds(settings.lease_ttl))
    leases = latest_leases(runtime.leases(), journal.of, backlog, ttl)
    moment = runtime.clock(now)
    return {name: lease for name, lease in leases.items() if lease.expires_at > moment}
