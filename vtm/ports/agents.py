"""Agents: programs that do a task when they are given a prompt."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol


class Job(NamedTuple):
    """What an agent is started for.

    Attributes:
        session: Id of its session.
        task: Id of the task.
        prompt: What it is told.
        folder: Where it works, absolute.
        agent: What the client is to be, by name; empty: as it is by itself.
    """

    session: str
    task: str
    prompt: str
    folder: str
    agent: str = ""


class Command(NamedTuple):
    """How an agent is started.

    Attributes:
        argv: The program, found on PATH, and its arguments.
        stdin: What it reads.
        environment: What is added to the environment of vtm.
    """

    argv: tuple[str, ...]
    stdin: str = ""
    environment: Mapping[str, str] = {}


class AgentRunner(Protocol):
    """One kind of agent: how it is started, and what its output means."""

    @abstractmethod
    def check(self, folder: str, agent: str) -> None:
        """Find out, before anything is started, whether it can be.

        Raises:
            ExternalError: The program is missing.
            WrongUsageError: It does not know an agent of this name.
        """

    @abstractmethod
    def command(self, job: Job) -> Command:
        """How to start it for `job`."""

    @abstractmethod
    def said(self, output: Iterable[str]) -> str:
        """What it said, in its order, out of the lines of its output: there its report is, if it gave one.

        What it thought, what it did, and what agents of its own said is not in it.
        """
