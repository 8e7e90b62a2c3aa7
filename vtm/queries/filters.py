"""Which tasks a question is about."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from msgspec import Struct

from vtm.model.status import Risk, Status
from vtm.model.task import Task

_NUMBER = re.compile(r"[0-9]+(?:[._][0-9]+)*")


class Filters(Struct, frozen=True):
    """What tasks must be like; empty: anything. Letter case and the words Phase and Slice do not matter."""

    phase: str = ""
    slice: str = ""
    risk: Risk | None = None
    capability: str = ""
    statuses: frozenset[Status] = frozenset()

    def keep(self, tasks: Iterable[Task]) -> list[Task]:
        """Those of `tasks` that fit, whatever their status."""
        found = list(tasks)
        if self.risk:
            found = [task for task in found if task.risk is self.risk]
        if self.phase:
            found = _named(
                found, lambda task: place_name(task.phase, "phase"), place_name(self.phase, "phase")
            )
        if self.slice:
            found = _named(
                found, lambda task: place_name(task.slice, "slice"), place_name(self.slice, "slice")
            )
        if self.capability:
            found = _named(found, lambda task: task.capability_id.casefold(), self.capability.casefold())
        return found


def _named(tasks: Iterable[Task], name_of: Callable[[Task], str], name: str) -> list[Task]:
    return [task for task in tasks if name_of(task) == name]


@lru_cache(maxsize=1024)
def place_name(text: str, word: str) -> str:
    """What is the same in all spellings of a phase or slice: `Phase 1`, `phase_1` and `1` are `1`.

    `word` is `phase` or `slice`; in a number `_` means the same as a point, as in `slice_1_2`.
    """
    name = text.casefold().strip()
    rest = re.sub(rf"^{word}(?:[\s_-]+|(?=[0-9]))", "", name)
    return rest.replace("_", ".") if _NUMBER.fullmatch(rest) else rest
