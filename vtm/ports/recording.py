"""Where what happens is written down."""

from abc import abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from vtm.model.event import Event
from vtm.model.lease import Lease
from vtm.model.state import TaskState
from vtm.model.task import Timestamp
from vtm.ports.reading import Recorded


class Stamp(NamedTuple):
    """What tells an event from all others: `follows` is the last one of its task that was there before."""

    id: str
    at: Timestamp
    follows: str


class Step(NamedTuple):
    """An event, and the entry that it leaves; None: none."""

    event: Event
    state: TaskState | None


class Ledger(Protocol):
    """State and journal, held so that nobody else can write either.

    Attributes:
        recorded: The state, with what the journal was ahead of it.
        notices: What was found out of order and is put right by the next write; sentences for a person.
    """

    recorded: Recorded
    notices: list[str]

    @abstractmethod
    def events(self) -> Sequence[Event]:
        """All events, in the order they were written down."""

    @abstractmethod
    def history(self, task_id: str) -> Sequence[Event]:
        """The events of a task, in the order in which they count."""

    @abstractmethod
    def settle(self, task_id: str, now: Timestamp) -> bool:
        """Bring the entry of a task and its journal together; whether the entry is another one then.

        Raises:
            ConflictError: They do not belong together.
        """

    @abstractmethod
    def stamp(self, task_id: str, now: Timestamp) -> Stamp:
        """Id and time for the next event of a task: later than all it has, even if the clock went back."""

    @abstractmethod
    def rehearse(self, steps: Sequence[Step]) -> object:
        """Find out what would keep `steps` from being written, as far as that can be told beforehand.

        Raises:
            UnreadableError: The file of a task cannot be edited without a doubt.
        """

    @abstractmethod
    def write(self, steps: Sequence[Step], now: Timestamp, manifest_hash: str = "") -> None:
        """Write all of `steps`, or none of them; with them the hash of a manifest that was changed.

        Raises:
            ConflictError: The files were changed by somebody who holds no lock.
            ExternalError: The system refuses; the files are as they were.
        """


class StateStore(Protocol):
    """Where the state of tasks is kept."""

    @abstractmethod
    def held(self) -> AbstractContextManager[Ledger]:
        """Keep everybody else from writing until the context is left.

        Raises:
            ConflictError: Somebody else holds it, and did for as long as one waits.
            ExternalError: The system refuses.
        """


class Receipt(NamedTuple):
    """Somebody read a file for a task: `path` below `worktree`, `sha256` of what was in it, in hex."""

    task: str
    path: str
    sha256: str
    worktree: str


class Runtime(Protocol):
    """What is known of agents that run now; lost without loss of work.

    Every method raises `ExternalError` where the database cannot be used.
    """

    @abstractmethod
    def clock(self, now: Timestamp) -> Timestamp:
        """`now`, or the latest moment that was remembered where the clock went back since."""

    @abstractmethod
    def tick(self, now: Timestamp) -> None:
        """Remember that it was `now`, where there is anything to remember it for."""

    @abstractmethod
    def leases(self) -> dict[str, Lease]:
        """The latest lease of each task that was not ended, expired ones included."""

    @abstractmethod
    def epoch(self, task_id: str) -> int:
        """The largest epoch that was granted for a task; 0 where none was."""

    @abstractmethod
    def transaction(self) -> AbstractContextManager[None]:
        """What is granted, renewed and ended inside counts when the context is left without an error.

        Nobody else writes meanwhile; where the database cannot be written, that is found out at the start.
        """

    @abstractmethod
    def grant(self, lease: Lease) -> None:
        """Grant `lease`."""

    @abstractmethod
    def renew(self, task_id: str, epoch: int, renewed_at: Timestamp, expires_at: Timestamp) -> bool:
        """Prolong a lease; False where there is none with this epoch."""

    @abstractmethod
    def end(self, task_id: str) -> None:
        """End the lease of a task, if there is one."""

    @abstractmethod
    def keep(self, receipts: Sequence[Receipt], now: Timestamp) -> None:
        """Remember receipts; one for the same file of the same task and worktree is replaced."""

    @abstractmethod
    def receipts(self, task_id: str) -> Sequence[Receipt]:
        """The receipts of a task."""
