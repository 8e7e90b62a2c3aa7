"""What came of reading the files of another tool."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from vtm.exchange.carried import Carried


class File(NamedTuple):
    """A file that was named.

    Attributes:
        name: POSIX; in a folder it is relative to it.
        problem: Why it could not be read; empty: it could.
    """

    name: str
    data: bytes
    problem: str = ""


class Outcome(StrEnum):
    """How much of a unit was read."""

    READ = "read"
    IN_PART = "in part"
    UNREADABLE = "unreadable"


class Unit(NamedTuple):
    """A line, object or file of the input, which is a task or should be one.

    Attributes:
        number: Of the line, else the position, from 1.
        name: Of the file, or the path of the object; empty where the number says it.
        task_id: Empty where it is no task.
        reason: What was not read, and why; empty: all was.
        line: In the file, where the problem has a place in it; 0: it has none. So is `column`.
    """

    number: int
    name: str
    task_id: str
    reason: str = ""
    line: int = 0
    column: int = 0

    @property
    def outcome(self) -> Outcome:
        """How much of it was read."""
        if not self.task_id:
            return Outcome.UNREADABLE
        return Outcome.IN_PART if self.reason else Outcome.READ


class Reading:
    """Units and tasks of an input, in its order.

    Attributes:
        units: All of them, unreadable ones included.
        tasks: One for each unit with an id; no id is there twice.
    """

    def __init__(self) -> None:
        self.units: list[Unit] = []
        self.tasks: list[Carried] = []
        self._first: dict[str, Unit] = {}

    def took(
        self,
        number: int,
        name: str,
        task: Carried | None,
        doubts: Sequence[str] = (),
        line: int = 0,
        column: int = 0,
    ) -> None:
        """Note a task, with what could not be read of it; None, or an id that was there before, is none."""
        reason = "; ".join(doubts)
        first = self._first.get(task.task.task_id) if task else None
        if task is None or first is not None:
            again = f"repeats the id {first.task_id} of {first.name or first.number}" if first else reason
            self.failed(number, name, again, line, column)
            return
        unit = Unit(number, name, task.task.task_id, reason, line, column)
        self._first[unit.task_id] = unit
        self.units.append(unit)
        self.tasks.append(task)

    def failed(self, number: int, name: str, reason: str, line: int = 0, column: int = 0) -> None:
        """Note a unit that is no task."""
        self.units.append(Unit(number, name, "", reason, line, column))
