"""Trouble, and what mends it."""

from collections.abc import Callable
from typing import NamedTuple

from vtm.queries.examined import Ailment, Trouble


class Found(NamedTuple):
    """Trouble, and what mends it; None: nothing that vtm could do."""

    trouble: Trouble
    mend: Callable[[], None] | None = None


def found(
    ailment: Ailment,
    path: str,
    message: str,
    fix: str,
    mend: Callable[[], None] | None = None,
    *,
    task_id: str = "",
    line: int = 0,
) -> Found:
    """Trouble in the file `path`."""
    return Found(Trouble(ailment, path, line, task_id, message, fix, mend is not None), mend)
