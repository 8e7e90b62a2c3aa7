"""What passes between the engine of a run and the project around it."""

from typing import NamedTuple

from vtm.model.report import WorkerReport
from vtm.model.task import Texts


class Assigned(NamedTuple):
    """Who is to do a task.

    Attributes:
        runner: Name of the runner.
        agent: What its client is to be; empty: as it is by itself.
    """

    runner: str
    agent: str = ""

    @property
    def name(self) -> str:
        """The name under which the task is claimed."""
        return self.agent or self.runner


class Made(NamedTuple):
    """A worktree: its top level, absolute, the branch in it, and the commit of main that it was cut from."""

    worktree: str
    branch: str
    base: str


class Ended(NamedTuple):
    """How an agent's process ended.

    Attributes:
        exit_code: 128 and the number of the signal that killed it; None: nobody knows.
        timed_out: Whether it was ended because it took too long.
        reason: Why it ended as it did; empty: nobody said.
        seen: Whether anybody saw its end; else its process is just gone.
        asked_for: Whether somebody ended it on purpose.
    """

    exit_code: int | None
    timed_out: bool = False
    reason: str = ""
    seen: bool = True
    asked_for: bool = False


class Done(NamedTuple):
    """What was done in a worktree.

    Attributes:
        commit: What is checked out.
        uncommitted: Paths that are not committed as they are.
        changed: Paths that differ between the base and `commit`, without vtm's own files.
    """

    commit: str
    uncommitted: Texts
    changed: Texts


class Ran(NamedTuple):
    """How a command ended: its exit code, SHA-256 of what it printed, and the end of that."""

    exit_code: int
    digest: str
    end: str


class Told(NamedTuple):
    """A report, with paths relative to the project, and SHA-256 of what it says in hex."""

    report: WorkerReport
    digest: str


class Homecoming(NamedTuple):
    """What came of bringing a task home.

    Attributes:
        merged: Whether main holds it now.
        codes: What is in the way.
        reason: The same for a person; empty: nothing is.
        handed_back: Whether the task is pending again because of that.
    """

    merged: bool
    codes: Texts = ()
    reason: str = ""
    handed_back: bool = False
