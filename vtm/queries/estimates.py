"""How long tasks are thought to take."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from statistics import median

from msgspec import Struct

from vtm.model.backlog import Backlog
from vtm.model.grades import graded
from vtm.model.settings import Minutes
from vtm.model.status import Size, Status
from vtm.model.task import Task

ENOUGH = 5
"""From so many completed tasks of a size on, they count instead of the setting."""


class Origin(StrEnum):
    """Where an estimate comes from: `[estimate]` in the settings, or the journal's own durations."""

    SETTINGS = "settings"
    JOURNAL = "journal"


class SizeEstimate(Struct, frozen=True):
    """How long tasks of a size are thought to take.

    Attributes:
        minutes: The setting, or the median of `completed`.
        completed: How many tasks of this size the journal has seen through.
    """

    size: Size
    minutes: int
    origin: Origin
    completed: int


def size_of(task: Task) -> Size:
    """The size that a task is planned with: as declared, in a task file from its scope."""
    return graded(task).size


def size_estimates(backlog: Backlog, settings: Minutes, seconds: Mapping[str, int]) -> Sequence[SizeEstimate]:
    """An estimate for each size.

    Args:
        backlog: What is completed in it counts, as large as it is declared now.
        settings: Minutes where there is nothing better.
        seconds: Task id to how long it took.
    """
    of_setting = {Size.S: settings.S, Size.M: settings.M, Size.L: settings.L}
    taken: dict[Size, list[int]] = {size: [] for size in Size}
    for name, each in seconds.items():
        if backlog.status(name) is Status.COMPLETED:
            taken[size_of(backlog[name])].append(each)
    return [_estimate(size, of_setting[size], taken[size]) for size in Size]


def _estimate(size: Size, setting: int, taken: Sequence[int]) -> SizeEstimate:
    if len(taken) < ENOUGH:
        return SizeEstimate(size, setting, Origin.SETTINGS, len(taken))
    return SizeEstimate(size, max(1, round(median(taken) / 60)), Origin.JOURNAL, len(taken))
