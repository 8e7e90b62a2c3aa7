"""Ids for what has none: they go on where those that there are end."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from vtm.model.task import Task

_NUMBERED = re.compile(r"(.*?)([0-9]{1,9})", re.DOTALL)
_CRITERION = re.compile(r"(-+)AC[0-9]{1,9}")
_WIDTH = 2


class Numbering:
    """Numbers that are taken, by what stands in front of them."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._highest: dict[str, tuple[int, int]] = {}
        for each in taken:
            self.take(each)

    def take(self, name: str) -> None:
        """Give this id to nobody else; one without a number at its end is in nobody's way."""
        found = _NUMBERED.fullmatch(name)
        if found:
            stem, digits = found.groups()
            self._highest[stem] = max(self._highest.get(stem, (0, 0)), (int(digits), len(digits)))

    def next(self, stem: str) -> str:
        """The id that follows the highest one that starts with `stem`, in the same width."""
        number, width = self._highest.get(stem, (0, _WIDTH))
        name = f"{stem}{number + 1:0{width}}"
        self.take(name)
        return name


class CriterionStyle(NamedTuple):
    """How ids of criteria are written.

    Attributes:
        by_capability: Whether they start with the capability of their task and not with the task's id.
        separator: What stands in front of `AC01`.
    """

    by_capability: bool = False
    separator: str = "--"

    def stem(self, task_id: str, capability_id: str) -> str:
        """What stands in front of the number in the criteria of a task."""
        owner = capability_id if self.by_capability and capability_id else task_id
        return f"{owner}{self.separator}AC"


def criterion_style(tasks: Iterable[Task]) -> CriterionStyle:
    """The style that most criteria of `tasks` have; without any, `<task_id>--AC01`."""
    styles = (
        style
        for task in tasks
        for criterion in task.acceptance_criteria
        if (style := _style(criterion.id, task))
    )
    return next(iter([each for each, _ in Counter(styles).most_common(1)]), CriterionStyle())


def _style(criterion_id: str, task: Task) -> CriterionStyle | None:
    for by_capability, owner in enumerate((task.task_id, task.capability_id)):
        found = _CRITERION.fullmatch(criterion_id.removeprefix(owner)) if owner else None
        if found and criterion_id.startswith(owner):
            return CriterionStyle(bool(by_capability), found[1])
    return None
