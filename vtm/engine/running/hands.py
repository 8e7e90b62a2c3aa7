"""What the engine asks of whoever wires up a run."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import Protocol

from vtm.engine.recorder import Recorder
from vtm.engine.running.handed import Assigned, Done, Ended, Homecoming, Made, Ran, Told
from vtm.model.backlog import Backlog
from vtm.model.session import Session
from vtm.model.settings import Settings
from vtm.model.task import Task, Timestamp
from vtm.ports.sessions import Sessions


class Hands(Protocol):
    """The project around a run. Every method may be called from any thread.

    Methods raise `VtmError`s of what they stand for where they cannot do it.

    Attributes:
        settings: In force.
        host: The machine that this runs on.
    """

    settings: Settings
    host: str

    @abstractmethod
    def now(self) -> Timestamp:
        """What the clock says, UTC."""

    @abstractmethod
    def recorder(self, work: Session | None = None, done: Done | None = None) -> Recorder:
        """The engine over state and journal, as of now.

        It judges what is in the worktree of the session `work`, of which `done` is known already.
        """

    @abstractmethod
    def backlog(self) -> Backlog:
        """The backlog as it is now."""

    @abstractmethod
    def mark(self) -> object:
        """What is equal to the one of before as long as nobody has written state or journal."""

    @abstractmethod
    def sessions(self) -> Sessions:
        """The sessions of the project, for the thread that asks."""

    @abstractmethod
    def assigned(self, task: Task) -> Assigned:
        """Who is to do a task; that it can be started was made sure."""

    @abstractmethod
    def closed(self, task: Task) -> str:
        """Why the gate before a task's phase keeps it from being begun; empty: it does not."""

    @abstractmethod
    def lines(self, session: Session) -> Iterator[str]:
        """What the agent of a session says, as it says it, until its end."""

    @abstractmethod
    def make(self, task: Task) -> Made:
        """Make sure that a task has a worktree."""

    @abstractmethod
    def brief(self, task: Task, session: Session, failures: Sequence[str]) -> None:
        """Write down what the agent of a session is told, with what failed before."""

    @abstractmethod
    def hold(self, session: str) -> bool:
        """Keep other engines from attending to a session as long as this process lives; False: one does."""

    @abstractmethod
    def let_go(self, session: str) -> None:
        """Let others attend to a session."""

    @abstractmethod
    def renew(self, sessions: Sequence[Session]) -> None:
        """Prolong the leases of sessions, and note that they were heard of."""

    @abstractmethod
    def launch(self, session: Session) -> int:
        """Start the agent, which is told what was written down, unless it was; the process that keeps it."""

    @abstractmethod
    def is_alive(self, session: str) -> bool:
        """Whether any process of a session lives."""

    @abstractmethod
    def ending(self, session: str) -> Ended | None:
        """How the agent of a session ended; None: it has not, or was never started, or nobody saw it."""

    @abstractmethod
    async def ended(self, session: str) -> Ended:
        """The same, once it has ended."""

    @abstractmethod
    def end(self, session: str) -> None:
        """End all processes of a session, first politely; none is left when this returns."""

    @abstractmethod
    def said(self, session: Session) -> str:
        """What the agent said last."""

    @abstractmethod
    def report(self, said: str, session: Session) -> Told:
        """The report in what an agent said.

        Raises:
            WrongUsageError: There is none.
        """

    @abstractmethod
    def done(self, session: Session) -> Done:
        """What was done in the worktree of a session."""

    @abstractmethod
    def run(self, command: str, session: Session) -> Ran:
        """Run a command with the shell in the worktree of a session; what takes too long is ended."""

    @abstractmethod
    def branch(self, task: Task) -> str:
        """The branch of a task."""

    @abstractmethod
    def unmerged(self, backlog: Backlog) -> set[str]:
        """Ids of completed tasks whose branch has what main has not."""

    @abstractmethod
    def left_behind(self, backlog: Backlog) -> set[str]:
        """Ids of completed tasks that have a worktree still."""

    @abstractmethod
    def bring_home(self, task: Task) -> Homecoming:
        """Merge the work on a completed task."""

    @abstractmethod
    def stop_merging(self) -> None:
        """End the tests of a merge that is under way: main stays, and the work waits for the next merge."""

    @abstractmethod
    def gates_behind(self) -> str:
        """Why a gate behind a phase that is over does not let through; empty: all do."""

    @abstractmethod
    def clean(self, task: Task) -> str:
        """Remove worktree and branch of a task that is merged; why they are kept, empty: they are not."""
