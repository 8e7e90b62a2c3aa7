"""What the engine asks of whoever wires it up."""

from abc import abstractmethod
from collections.abc import Callable
from typing import Protocol

from vtm.model.backlog import Backlog
from vtm.model.facts import Action, Occasion
from vtm.model.finding import Finding
from vtm.model.settings import Settings
from vtm.model.task import Task, Timestamp
from vtm.ports.reading import Recorded


class Surroundings(Protocol):
    """The project around state and journal.

    Attributes:
        now: What the clock says, UTC.
        settings: In force.
    """

    now: Timestamp
    settings: Settings

    @abstractmethod
    def backlog(self, recorded: Recorded) -> Backlog:
        """The declared tasks with this state.

        Raises:
            UnreadableError: There is no backlog, or one of its files is damaged as a whole.
        """

    @abstractmethod
    def reread(self) -> None:
        """Read anew what is declared: it was edited."""

    @abstractmethod
    def startable(self, backlog: Backlog, occasion: Occasion) -> Callable[[Task], list[Finding]]:
        """A function that gives what keeps a task from being started, and what warns of it."""

    @abstractmethod
    def guards(self, backlog: Backlog, task: Task, occasion: Occasion) -> list[Finding]:
        """What keeps anything from being recorded of a task: leases, and attempts that are used up."""

    @abstractmethod
    def gates(self, backlog: Backlog, task: Task, action: Action, occasion: Occasion) -> list[Finding]:
        """What the gates of `action` say of a task."""

    @abstractmethod
    def unread(self, task: Task) -> tuple[str, ...]:
        """Context files of a task that were not read for it in the caller's worktree, as they are now."""

    @abstractmethod
    def written(self, what: str) -> list[str]:
        """Do what is set to follow when something was written; what could not be done, in sentences."""
