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


class Size(StrEnum):
    """Estimated size of a task; `[estimate]` in the settings turns it into minutes."""

    S = "S"
    M = "M"
    L = "L"


RISK_RANK = {Risk.HIGH: 0, Risk.MEDIUM: 1, Risk.LOW: 2}
"""Position in the order of selection: what is riskier comes first."""
