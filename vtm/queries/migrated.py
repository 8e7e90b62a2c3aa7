"""What `vtm migrate` did, or would do."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct


class MigratedField(Struct, frozen=True):
    """A value that is written as vtm writes it now.

    Attributes:
        task_id: Whose entry it is in; empty: it stands beside the entries.
        field: Its key; inside an object in the entry with a dot.
        before: As it was written; null also where there was none.
    """

    task_id: str
    field: str
    before: Any
    after: Any


class UnreadableEntry(Struct, frozen=True):
    """An entry that cannot be read as it is, and why; it is left alone."""

    task_id: str
    problem: str


class Migrated(Struct, frozen=True, tag_field="schema", tag="vtm.migrate/1"):
    """Values of an older state file in the present form.

    Attributes:
        applied: Whether they were written.
    """

    applied: bool
    changes: Sequence[MigratedField]
    unreadable: Sequence[UnreadableEntry]
