"""The few values that a task's status, risk and size can take."""

from enum import StrEnum


class Status(StrEnum):
    """Where a task stands; a task without a state entry is `pending`."""

    PENDING = "pending"
    IN_PROGRESS = "in-progress"
    BLOCKED = "blocked"
    COMPLETED = "completed"
    ABANDONED = "abandoned"


class Risk(StrEnum):
    """How much can go wrong with a task; it decides order and how strictly tests come first."""

    HIGH = "High"
    MEDIUM = "Medium"
    LOW = "Low"


class Grade(StrEnum):
    """How likely a task is to fail, as task files grade it; finer than `Risk`, for analyses."""

    TRIVIAL = "trivial"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Scope(StrEnum):
    """How much a task touches."""

    SINGLE = "single"
    NARROW = "narrow"
    MODERATE = "moderate"
    BROAD = "broad"
    SYSTEM = "system"


class Impact(StrEnum):
    """How far a failure of a task reaches."""

    ISOLATED = "isolated"
    COMPONENT = "component"
    PHASE = "phase"
    PROJECT = "project"


class Size(StrEnum):
    """Estimated size of a task; `[estimate]` in the settings turns it into minutes."""

    S = "S"
    M = "M"
    L = "L"


RISK_RANK = {Risk.HIGH: 0, Risk.MEDIUM: 1, Risk.LOW: 2}
"""Position in the order of selection: what is riskier comes first."""

RISK_OF_GRADE = {
    Grade.TRIVIAL: Risk.LOW,
    Grade.LOW: Risk.LOW,
    Grade.MEDIUM: Risk.MEDIUM,
    Grade.HIGH: Risk.HIGH,
    Grade.CRITICAL: Risk.HIGH,
}
"""What the grades of task files are for rules and for selection."""
