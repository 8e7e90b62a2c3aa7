"""Which tasks a question is about."""

from collections.abc import Iterable

from msgspec import Struct

from vtm.model.status import Risk, Status
from vtm.model.task import Task


class Filters(Struct, frozen=True):
    """What tasks must be like; empty: anything. Letter case and the words Phase and Slice do not matter."""

    phase: str = ""
    slice: str = ""
    risk: Risk | None = None
    capability: str = ""
    statuses: frozenset[Status] = frozenset()

    def keep(self, tasks: Iterable[Task]) -> list[Task]:
        """Those of `tasks` that fit, whatever their status."""
        return [
            task
            for task in tasks
            if (self.risk is None or task.risk is self.risk)
            and _same(self.phase, task.phase, "phase")
            and _same(self.slice, task.slice, "slice")
            and _same(self.capability, task.capability_id, "")
        ]


def _same(wanted: str, found: str, word: str) -> bool:
    if not wanted:
        return True
    left, right = (each.casefold().removeprefix(word).strip(" _-") for each in (wanted, found))
    return left == right
