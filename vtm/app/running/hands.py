"""The project at hand, as the engine of a run sees it."""

import socket
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from vtm.app.app import App
from vtm.app.made_branches import MadeBranches
from vtm.app.merge_tests import stop_tests
from vtm.app.phases import gate_before, gates_behind
from vtm.app.recording import recorder
from vtm.app.running.agents import Agents, ended, ending
from vtm.app.running.attention import Attention
from vtm.app.running.briefing import brief, environment, told
from vtm.app.running.homes import brought_home, left_behind, taken_away, unmerged
from vtm.app.running.work import Work
from vtm.app.sessions import sessions_of
from vtm.app.worktrees import made
from vtm.discovery import runtime_folder
from vtm.engine.leases import moment_after
from vtm.engine.recorder import Recorder
from vtm.engine.running.handed import Assigned, Done, Ended, Homecoming, Made, Ran, Told
from vtm.engine.running.hands import Hands
from vtm.model.backlog import Backlog
from vtm.model.facts import BranchFacts
from vtm.model.session import Session, folder_name
from vtm.model.settings import seconds
from vtm.model.task import Task, Timestamp
from vtm.ports.sessions import Sessions
from vtm.runners import keeping
from vtm.runners.logs import follow
from vtm.stores.files import Files
from vtm.stores.runtime import SqliteRuntime


class AppHands(Hands):
    """The project of an app; each call reads anew what it needs, in whatever thread it is made.

    Attributes:
        settings: In force.
        host: The machine that this runs on.
    """

    def __init__(self, app: App, agents: Agents, run: str) -> None:
        self.settings = app.settings
        self.host = socket.gethostname()
        self._app, self._agents, self._run = app, agents, run
        self._attention = Attention()

    def now(self) -> Timestamp:
        """What the clock says, UTC."""
        return self._app.instant

    def recorder(self, work: Session | None = None, done: Done | None = None) -> Recorder:
        """The engine over state and journal, that judges what is in the worktree of a session."""
        app = self._at(work.worktree) if work else self._fresh()
        if work and done:
            app.branch = BranchFacts(work.branch, tuple(sorted({*done.changed, *done.uncommitted})))
        return recorder(app)

    def backlog(self) -> Backlog:
        """The backlog as it is now."""
        return self._fresh().backlog

    def mark(self) -> object:
        """Another one as soon as somebody has written state or journal."""
        return Files.of(self._app.project, self.settings.paths).mark()

    def sessions(self) -> Sessions:
        """The sessions of the project."""
        return sessions_of(self._app)

    def assigned(self, task: Task) -> Assigned:
        """Who is to do a task."""
        return self._agents.assigned(task)

    def closed(self, task: Task) -> str:
        """Why the gate before a task's phase keeps it from being begun."""
        return gate_before(self._fresh(), task.phase).why

    def gates_behind(self) -> str:
        """Why a gate behind a phase that is over does not let through."""
        found = gates_behind(self._fresh())
        return found.why if found else ""

    def lines(self, session: Session) -> Iterator[str]:
        """What the agent of a session says, as it says it."""
        return follow(self._place(session.id))

    def make(self, task: Task) -> Made:
        """Make sure that a task has a worktree."""
        found = made(self._fresh(), task)
        return Made(found.path, found.branch, found.base)

    def brief(self, task: Task, session: Session, failures: Sequence[str]) -> None:
        """Write down what the agent of a session is told."""
        brief(self._at(session.worktree), task, session, failures, self._place(session.id))

    def hold(self, session: str) -> bool:
        """Keep other engines from attending to a session as long as this process lives."""
        return self._attention.hold(session, self._place(session))

    def let_go(self, session: str) -> None:
        """Let others attend to a session."""
        self._attention.let_go(session)

    def renew(self, sessions: Sequence[Session]) -> None:
        """Prolong the leases of sessions, and note that they were heard of."""
        folder = runtime_folder(self._app.project)
        runtime, known = SqliteRuntime(folder), sessions_of(self._app)
        now = runtime.clock(self.now())
        until = moment_after(now, timedelta(seconds=seconds(self.settings.lease_ttl)))
        with runtime.transaction():
            for each in sessions:
                runtime.renew(each.task, each.epoch, now, until)
        for each in sessions:
            known.heard(each.id, now)

    def launch(self, session: Session) -> int:
        """Start the agent, which is told what was written down."""
        place = self._place(session.id)
        return self._agents.launch(session, place, told(place), environment(session, self._run))

    def is_alive(self, session: str) -> bool:
        """Whether any process of a session lives."""
        return keeping.is_alive(self._place(session))

    def ending(self, session: str) -> Ended | None:
        """How the agent of a session ended."""
        return ending(self._place(session))

    async def ended(self, session: str) -> Ended:
        """The same, once it has ended."""
        return await ended(self._place(session))

    def end(self, session: str) -> None:
        """End all processes of a session."""
        keeping.end(self._place(session), seconds(self.settings.run.grace))

    def said(self, session: Session) -> str:
        """What the agent said last."""
        return self._agents.said(session, self._place(session.id))

    def report(self, said: str, session: Session) -> Told:
        """The report in what an agent said."""
        return Work(self._app, session).report(said)

    def done(self, session: Session) -> Done:
        """What was done in the worktree of a session."""
        return Work(self._app, session).done()

    def run(self, command: str, session: Session) -> Ran:
        """Run a command with the shell in the worktree of a session."""
        return Work(self._app, session).run(command)

    def branch(self, task: Task) -> str:
        """The branch of a task."""
        return MadeBranches(self._app.project).of(task.task_id)

    def unmerged(self, backlog: Backlog) -> set[str]:
        """Ids of completed tasks whose branch has what main has not."""
        return unmerged(self._app, backlog)

    def left_behind(self, backlog: Backlog) -> set[str]:
        """Ids of completed tasks that have a worktree still."""
        return left_behind(self._app, backlog)

    def bring_home(self, task: Task) -> Homecoming:
        """Merge the work on a completed task."""
        return brought_home(self._fresh(), task)

    def stop_merging(self) -> None:
        """End the tests of a merge that is under way."""
        stop_tests(self._app)

    def clean(self, task: Task) -> str:
        """Remove worktree and branch of a task that is merged."""
        return taken_away(self._fresh(), task)

    def _fresh(self) -> App:
        """The app that reads anew what changes; settings stay as they were when the run began."""
        return self._app.again(anew=False)

    def _place(self, session: str) -> Path:
        return runtime_folder(self._app.project) / "sessions" / folder_name(session)

    def _at(self, worktree: str) -> App:
        """The app as in a worktree."""
        root, _, top = self._app.project
        return self._fresh().seen_from(Path(worktree) / root.relative_to(top or root))
