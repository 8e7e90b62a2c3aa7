"""How risky, how wide and how far-reaching a task is, and the numbers that stand for it.

Source: docs/specs/graph-analysis.md, "Tables".
"""

from enum import StrEnum
from typing import NamedTuple

from vtm.model.status import Impact, Scope, Size
from vtm.model.task import FileTask, Task


class Level(StrEnum):
    """The grade of a task's risk, or that it has none."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    TRIVIAL = "trivial"
    UNSET = "unset"


SUCCESS_PERCENT = {
    Level.TRIVIAL: 98,
    Level.LOW: 90,
    Level.MEDIUM: 80,
    Level.HIGH: 65,
    Level.CRITICAL: 50,
    Level.UNSET: 80,
}
"""Probability that a task succeeds at the first try, in percent: whole numbers make sums exact."""

IMPACT_TENTHS = {Impact.ISOLATED: 10, Impact.COMPONENT: 15, Impact.PHASE: 20, Impact.PROJECT: 30}
"""Weight of an impact, in tenths."""

SCOPE_COST = {Scope.SINGLE: 1, Scope.NARROW: 2, Scope.MODERATE: 3, Scope.BROAD: 4, Scope.SYSTEM: 5}
"""Relative cost of one try."""

SCOPE_TOKENS = {
    Scope.SINGLE: 500,
    Scope.NARROW: 1500,
    Scope.MODERATE: 3000,
    Scope.BROAD: 6000,
    Scope.SYSTEM: 10000,
}
"""Tokens that one try is thought to take."""

SCOPE_OF_SIZE = {Size.S: Scope.NARROW, Size.M: Scope.MODERATE, Size.L: Scope.BROAD}
_SIZE_OF_SCOPE = {
    Scope.SINGLE: Size.S,
    Scope.NARROW: Size.S,
    Scope.MODERATE: Size.M,
    Scope.BROAD: Size.L,
    Scope.SYSTEM: Size.L,
}


class Graded(NamedTuple):
    """A task as the analyses see it.

    Attributes:
        level: `unset` where nothing, or nothing that can be read, is declared.
        scope: As declared, else from the size in a manifest, else narrow.
        impact: As declared, else isolated.
        size: As declared, else in a task file from the scope.
        sized: Whether `scope` comes from the size.
    """

    level: Level
    scope: Scope
    impact: Impact
    size: Size
    sized: bool

    @property
    def success(self) -> float:
        """Probability that it succeeds at the first try, between 0 and 1."""
        return SUCCESS_PERCENT[self.level] / 100

    @property
    def weight(self) -> float:
        """Weight of its impact."""
        return IMPACT_TENTHS[self.impact] / 10

    @property
    def exposure(self) -> int:
        """Probability that it fails times the weight of its impact, in thousandths."""
        return (100 - SUCCESS_PERCENT[self.level]) * IMPACT_TENTHS[self.impact]


def graded(task: Task, *, risk_unread: bool = False) -> Graded:
    """A task as the analyses see it; `risk_unread`: a default stands where its risk could not be read.

    A task file need not have a risk, and has no size.
    """
    own_file = isinstance(task, FileTask)
    if task.grade:
        level = Level(task.grade)
    else:
        level = Level.UNSET if own_file or risk_unread else Level(task.risk.casefold())
    sized = task.scope is None and not own_file
    scope = SCOPE_OF_SIZE[task.size] if sized else task.scope
    size = _SIZE_OF_SCOPE[scope] if own_file and scope else task.size
    return Graded(level, scope or Scope.NARROW, task.impact or Impact.ISOLATED, size, sized)
