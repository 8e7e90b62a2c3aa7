"""Findings: what is wrong, where, and what to do."""

from enum import StrEnum

from msgspec import Struct

Pointer = tuple[str | int, ...]
"""Keys and indices that lead from the top of a JSON document to a value."""


CONFLICTS = ("BLOCKED::LEASE-HELD", "BLOCKED::STALE-EPOCH")
"""Codes that mean that somebody else has a task; they cannot be overridden."""


class Severity(StrEnum):
    """How much a finding weighs: an error fails `validate`, a warning does so with `--strict`."""

    ERROR = "error"
    WARNING = "warning"


class Location(Struct, frozen=True, omit_defaults=True):
    """A place in a file.

    Attributes:
        path: POSIX, relative to the root.
        line: From 1; 0 until known.
        column: In code points, from 1; 0 until known.
        pointer: Where in a JSON document; the way to line and column.
    """

    path: str
    line: int = 0
    column: int = 0
    pointer: Pointer = ()


class Finding(Struct, frozen=True):
    """One report of one rule.

    Attributes:
        code: `FAMILY::NAME`, with `::<task-id>` where the code is one of a single task.
        blocking: Whether it keeps the tasks in `tasks` (all tasks, where it names none) from being started.
        tasks: Ids of the tasks it is about.
    """

    code: str
    severity: Severity
    message: str
    fix: str
    location: Location
    blocking: bool = False
    tasks: tuple[str, ...] = ()


class Damage(StrEnum):
    """What a reader can find wrong with a file; each is the rule that reports it."""

    SCHEMA = "GAP::SCHEMA"
    UNREADABLE = "GAP::UNREADABLE"
    CONFLICT_MARKERS = "GAP::CONFLICT-MARKERS"
    LENIENT = "WARN::LENIENT-VALUE"


class Defect(Struct, frozen=True):
    """Something that a reader found wrong with a file.

    Attributes:
        task_id: The task whose entry it is; empty where it is the file.
    """

    damage: Damage
    message: str
    location: Location
    fix: str
    task_id: str = ""
