"""What a rule is given to judge."""

from collections.abc import Sequence
from functools import cached_property
from typing import Self

from vtm.graph.lookup import dependents
from vtm.graph.readiness import Readiness
from vtm.model.backlog import Backlog
from vtm.model.facts import Facts
from vtm.model.settings import Settings
from vtm.model.task import Task


class Case:
    """A backlog, the world around it, and the tasks that are under judgement.

    Attributes:
        backlog: All tasks.
        facts: The world.
        focus: The tasks to judge; a rule that looks at one task at a time looks at these only.
    """

    def __init__(self, backlog: Backlog, facts: Facts, focus: Sequence[Task] | None = None) -> None:
        self.backlog = backlog
        self.facts = facts
        self.focus = backlog.tasks if focus is None else focus

    def on(self, task: Task) -> Self:
        """The same case with one task under judgement; what was worked out already is kept."""
        narrowed = object.__new__(type(self))
        narrowed.__dict__.update(self.__dict__, focus=[task])
        return narrowed

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self.facts.settings

    @cached_property
    def readiness(self) -> Readiness:
        """What is eligible, waiting and stuck."""
        return Readiness(self.backlog)

    @cached_property
    def dependents(self) -> dict[str, list[Task]]:
        """Id to the tasks that declare it as a dependency."""
        return dependents(self.backlog)
