"""State and journal of a project, laid out to be put right."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta

from vtm.app.app import App
from vtm.app.declarations import Declarations
from vtm.app.recording import AppSurroundings
from vtm.engine.leases import latest_leases
from vtm.model.backlog import Backlog
from vtm.model.facts import ManifestHashes
from vtm.model.finding import Damage
from vtm.model.lease import Lease
from vtm.model.settings import seconds
from vtm.model.task import Task, Timestamp
from vtm.ports.reading import Declared, Recorded
from vtm.stores.files import Files, Written
from vtm.stores.lock import locked
from vtm.stores.mending import MendingLedger
from vtm.stores.reads import Reads
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
        self.app = app
        self.files = Files.of(app.project, app.settings.paths)
        self.runtime = SqliteRuntime(self.files.runtime)
        self._declarations = Declarations(app)
        self.ttl = timedelta(seconds=seconds(app.settings.lease_ttl))
        self.now = now or app.instant

    def held(self, *, wanted: bool = True) -> AbstractContextManager[None]:
        """Keep everybody else from writing until the context is left; if not `wanted`, nobody is kept.

        Raises:
            ConflictError: Somebody else holds it, and did for as long as one waits.
            ExternalError: The system refuses.
        """
        if not wanted:
            return nullcontext()
        return locked(self.files.runtime, seconds(self.app.settings.lock_wait))

    @property
    def declared(self) -> Declared:
        """What the project declares."""
        return self._declarations.declared

    @property
    def hashes(self) -> ManifestHashes:
        """Of the manifest."""
        return self._declarations.hashes

    @property
    def tasks(self) -> Mapping[str, Task]:
        """The declared tasks by id; an id that is declared twice means its first declaration."""
        return self._declarations.tasks

    def stored(self) -> Recorded:
        """What is in the state file."""
        return self._declarations.stored()

    def recorded(self, data: bytes | None) -> Recorded:
        """What is in the bytes of a state file; None: there is none."""
        return self._declarations.recorded(data)

    def backlog(self, recorded: Recorded) -> Backlog:
        """The declared tasks with this state.

        Raises:
            UnreadableError: There is no backlog, or one of its files is damaged as a whole.
        """
        return self._declarations.backlog(recorded)

    @property
    def reads(self) -> Reads:
        """What a ledger is told of the project."""
        return self._declarations.reads

    def ledger(self, written: Written, *, held: bool) -> MendingLedger:
        """What was read from the files, as one; the state must not be damaged as a whole.

        Unless `held`, nothing is written, whatever is found.
        """
        return MendingLedger(written, self.reads, held=held)

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
