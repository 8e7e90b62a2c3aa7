"""State and journal of a project, laid out to be put right."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from functools import cached_property

from vtm.app.app import App
from vtm.app.declared import read_declared
from vtm.app.opened import Opened
from vtm.app.recording import AppSurroundings
from vtm.discovery import runtime_folder
from vtm.engine.leases import latest_leases
from vtm.model.backlog import Backlog
from vtm.model.facts import ManifestHashes
from vtm.model.finding import Damage
from vtm.model.lease import Lease
from vtm.model.settings import seconds
from vtm.model.state import State
from vtm.model.task import Task, Timestamp
from vtm.ports.reading import Declared, Recorded
from vtm.sources.files import read_bytes
from vtm.sources.hashes import manifest_hashes
from vtm.sources.state import JsonState
from vtm.stores.files import Files, Written
from vtm.stores.ledger import Reads
from vtm.stores.lock import locked
from vtm.stores.mending import MendingLedger
from vtm.stores.runtime import SqliteRuntime


class Bench:
    """What is looked at, and put right, in one project.

    Attributes:
        app: The project.
        files: State and journal.
        runtime: Leases.
        ttl: How long a lease lasts that nobody knows the end of.
        now: The moment of the change.
    """

    def __init__(self, app: App, now: Timestamp | None = None) -> None:
        root, paths = app.project.root, app.settings.paths
        self.app = app
        self.files = Files(root, paths.state, paths.journal, runtime_folder(app.project))
        self.runtime = SqliteRuntime(self.files.runtime)
        self._state = JsonState(root / paths.state, paths.state)
        self.ttl = timedelta(seconds=seconds(app.settings.lease_ttl))
        self.now = now or app.fixed_now or datetime.now(UTC)

    def held(self, *, wanted: bool = True) -> AbstractContextManager[None]:
        """Keep everybody else from writing until the context is left; if not `wanted`, nobody is kept.

        Raises:
            ConflictError: Somebody else holds it, and did for as long as one waits.
            ExternalError: The system refuses.
        """
        if not wanted:
            return nullcontext()
        return locked(self.files.runtime, seconds(self.app.settings.lock_wait))

    @cached_property
    def declared(self) -> Declared:
        """What the project declares."""
        return read_declared(self.app.project, self.app.settings.paths, thorough=False)

    @cached_property
    def hashes(self) -> ManifestHashes:
        """Of the manifest."""
        name = self.app.settings.paths.manifest
        data = read_bytes(self.app.project.root / name, name)
        return manifest_hashes(data) if isinstance(data, bytes) else ManifestHashes()

    @cached_property
    def tasks(self) -> Mapping[str, Task]:
        """The declared tasks by id; an id that is declared twice means its first declaration."""
        tasks = self.declared.manifest.tasks if self.declared.manifest else ()
        return {task.task_id: task for task in reversed(tasks)}

    def stored(self) -> Recorded:
        """What is in the state file."""
        return self._state.load(thorough=False)

    def recorded(self, data: bytes | None) -> Recorded:
        """What is in the bytes of a state file; None: there is none."""
        return Recorded(State()) if data is None else self._state.read(data, thorough=False)

    def backlog(self, recorded: Recorded) -> Backlog:
        """The declared tasks with this state.

        Raises:
            UnreadableError: There is no backlog, or one of its files is damaged as a whole.
        """
        return Opened.of(self.app.settings.paths, self.declared, recorded).whole()

    def ledger(self, written: Written) -> MendingLedger:
        """What was read from the files, as one; the state must not be damaged as a whole."""
        return MendingLedger(written, Reads(self.recorded, self.tasks.get, lambda: self.hashes.canonical))

    def live(self, ledger: MendingLedger, backlog: Backlog) -> dict[str, Lease]:
        """The leases that are not over, by task."""
        leases = latest_leases(self.runtime.leases(), ledger.history, backlog, self.ttl)
        return {name: lease for name, lease in leases.items() if lease.expires_at > self.now}

    def told(self, what: str) -> list[str]:
        """Do what is set to follow when something was written; what could not be done, in sentences."""
        return AppSurroundings(self.app, self.runtime).written(what)


def damaged(recorded: Recorded) -> dict[str, str]:
    """Tasks whose entries cannot be read as they are, and why."""
    found = (each for each in recorded.defects if each.damage is Damage.SCHEMA and each.task_id)
    return {each.task_id: each.message for each in found}
