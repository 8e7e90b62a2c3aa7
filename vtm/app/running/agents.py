"""Who does which task, and the processes of agents."""

from pathlib import Path

from vtm.app.app import App
from vtm.app.choosing_runners import limits_of, runner_of
from vtm.engine.running.handed import Assigned, Ended
from vtm.model.session import Session
from vtm.model.task import Task
from vtm.ports.agents import AgentRunner, Job
from vtm.runners import keeping
from vtm.runners.choosing import runner_named
from vtm.runners.ending import Ending, How
from vtm.runners.logs import output
from vtm.runners.nursing import Nursery


class Agents:
    """The agents of a project.

    Args:
        asked: Who is to do each task, whatever the settings say; where a part of it is empty, they count.

    Attributes:
        nursery: What starts them; None: each costs a start of Python.
    """

    def __init__(self, app: App, asked: Assigned) -> None:
        self._app, self._asked = app, asked
        self.nursery: Nursery | None = None
        self._checked: set[Assigned] = set()

    def assigned(self, task: Task) -> Assigned:
        """Who is to do a task; that it can be started is found out once.

        Raises:
            ExternalError: The program is missing.
            WrongUsageError: There is no such runner or agent.
        """
        chosen = self._asked if self._asked.runner else None
        if chosen is None:
            found = runner_of(self._app, task)
            chosen = Assigned(found.name, self._asked.agent or found.agent)
        if chosen not in self._checked:
            self._runner(chosen.runner).check(str(self._app.project.root), chosen.agent)
            self._checked.add(chosen)
        return chosen

    def launch(self, session: Session, place: Path, prompt: str, environment: dict[str, str]) -> int:
        """Start the agent of a session, unless it was; the process that keeps it.

        Raises:
            ExternalError: It cannot be started.
        """
        folder = Path(session.worktree)
        job = Job(session.id, session.task, prompt, str(folder), session.agent)
        command = self._runner(session.runner).command(job)
        command = command._replace(environment={**command.environment, **environment})
        return keeping.launch(place, command, folder, limits_of(self._app), self.nursery)

    def said(self, session: Session, place: Path) -> str:
        """What the agent of a session said last."""
        return self._runner(session.runner).said(output(place))

    def _runner(self, name: str) -> AgentRunner:
        return runner_named(name, self._app.settings.runners)


def ending(place: Path) -> Ended | None:
    """How an agent ended; None: it did not, or was never started."""
    found = keeping.ending(place)
    return None if found is None else _ended(found)


async def ended(place: Path) -> Ended:
    """The same, once it has ended."""
    return _ended(await keeping.ended(place))


def _ended(found: Ending) -> Ended:
    return Ended(
        found.exit_code,
        timed_out=found.timed_out,
        reason=found.reason,
        seen=found.how is not How.LOST,
        asked_for=found.how is How.ENDED,
    )
