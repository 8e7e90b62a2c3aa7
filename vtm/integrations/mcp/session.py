"""Whom a server serves: where, and who its client is."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import TypeVar

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from vtm.app.app import App
from vtm.errors import ExternalError, WrongUsageError
from vtm.integrations.mcp.visible import as_written
from vtm.model.facts import Caller
from vtm.queries.started import Started
from vtm.rendering.plain import one_line

T = TypeVar("T")
_LONGEST_NAME = 80


class Session:
    """One client, from its first word to its last.

    Attributes:
        folder: Where the server was started.
        now: A clock that was fixed; None: it runs.
        given: Who the client is, as far as options or the environment say so.
        epochs: Of the leases it was granted here, by agent and task: it need not repeat them.
    """

    def __init__(self, folder: Path, now: datetime | None = None, given: Caller | None = None) -> None:
        self.folder = folder
        self.now = now
        caller = given or Caller()
        self.given = replace(caller, session=caller.session or f"mcp-{token_hex(4)}")
        self.epochs: dict[tuple[str, str], int] = {}


class Call:
    """One request of the client; everything is read anew for it.

    Attributes:
        client: Name that the client goes by.
        notices: What is to be said beside the answer; sentences.
    """

    def __init__(self, session: Session, client: str = "") -> None:
        self._session = session
        self.client = one_line(client.strip())[:_LONGEST_NAME] or "mcp"
        self.notices: list[str] = []
        self._apps: list[App] = []

    @property
    def said(self) -> list[str]:
        """All that is to be said beside the answer, what cannot be read included."""
        return [*self.notices, *(each for app in self._apps for each in app.unread)]

    def app(self, worktree: str = "") -> App:
        """The project, seen from where the server runs, or from another worktree of it.

        Raises:
            WrongUsageError: `worktree` is of another project.
        """
        here = App.at(self._session.folder, self._session.now)
        app = self._elsewhere(here, worktree) if worktree else here
        self._apps.append(app)
        return app

    def _elsewhere(self, here: App, worktree: str) -> App:
        try:
            there = App.at(self._session.folder / worktree, self._session.now)
        except ValueError:  # no path can hold this
            there = None
        if there is None or there.project.root != here.project.root:
            raise WrongUsageError(
                f"{worktree} is no worktree of this project",
                code="OTHER-PROJECT",
                fix="name a folder that `git worktree list` shows, or leave it out",
            )
        return there

    def ask(self, app: App, question: Callable[[App], T]) -> T:
        """What `question` answers; where git cannot be asked, without git, which is said.

        Raises:
            ExternalError: Something else failed.
        """
        try:
            return question(app)
        except ExternalError as error:
            self.notices.append(f"{error.message}; answered without git")
            return question(app.without_git())

    def task(self, app: App, name: str) -> str:
        """The id that `name` shows; one with characters that must not be shown has another spelling here."""
        return as_written(name, lambda: [each.task_id for each in app.backlog.tasks])

    def caller(self, task: str = "", agent: str = "", epoch: int | UnsetType = UNSET) -> Caller:
        """Who asks for a change of `task`, and under which lease."""
        given = self._session.given
        name = agent.strip() or given.agent or self.client
        held = self._session.epochs.get((name, task), given.epoch) if epoch is UNSET else epoch
        return replace(given, agent=name, epoch=held)

    def holds(self, started: Started) -> None:
        """Remember under which lease the client works at a task."""
        self._session.epochs[started.agent, started.task_id] = started.epoch
