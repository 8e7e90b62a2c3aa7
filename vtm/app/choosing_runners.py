"""Which agent does a task, and what starts it."""

from typing import NamedTuple

from vtm.app.app import App
from vtm.model.choosing import chosen
from vtm.model.settings import seconds
from vtm.model.task import Task
from vtm.ports.agents import AgentRunner
from vtm.runners.choosing import runner_named
from vtm.runners.keeping import Limits


class ChosenRunner(NamedTuple):
    """The agent that is to do a task.

    Attributes:
        name: Of the runner.
        agent: What the client is to be; empty: as it is by itself.
        runner: What starts it.
    """

    name: str
    agent: str
    runner: AgentRunner


def runner_of(app: App, task: Task) -> ChosenRunner:
    """The agent that is to do `task`, by its kind and its risk.

    Raises:
        WrongUsageError: The settings name a runner that there is not.
    """
    choice = chosen(app.settings.agents, task.risk, task.level)
    return ChosenRunner(choice.runner, choice.agent, runner_named(choice.runner, app.settings.runners))


def limits_of(app: App) -> Limits:
    """What an agent may use."""
    run = app.settings.run
    return Limits(seconds(run.timeout), seconds(run.grace), run.output, run.secrets)
