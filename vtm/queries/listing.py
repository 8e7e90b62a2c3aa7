"""Tasks that fit."""

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

from msgspec import Struct

from vtm.graph.readiness import Readiness
from vtm.model.backlog import Backlog
from vtm.model.status import RISK_RANK, Size, Status
from vtm.model.task import Task
from vtm.queries.card import TaskLine, task_line
from vtm.queries.filters import Filters


class Sort(StrEnum):
    """The order of a list; ties keep the order of declaration, and of two numbers the smaller comes first."""

    ORDER = "order"
    ID = "id"
    RISK = "risk"
    STATUS = "status"
    PHASE = "phase"
    SIZE = "size"


class TaskList(Struct, frozen=True, tag_field="schema", tag="vtm.list/1"):
    """Tasks, one line each."""

    tasks: Sequence[TaskLine]
    total: int
    returned: int
    truncated: bool


def task_list(
    backlog: Backlog,
    readiness: Readiness,
    filters: Filters,
    *,
    eligible: bool = False,
    sort: Sort = Sort.ORDER,
    limit: int = 0,
) -> TaskList:
    """The tasks that `filters` keep; `limit` 0 is none. Eligible tasks come in the order of selection."""
    statuses = readiness.statuses
    found = filters.keep(readiness.ordered(readiness.eligible) if eligible else backlog.tasks)
    if filters.statuses:
        found = [task for task in found if statuses[task.task_id] in filters.statuses]
    keys: dict[Sort, Callable[[Task], Any]] = {
        Sort.ID: lambda task: _natural(task.task_id),
        Sort.RISK: lambda task: RISK_RANK[task.risk],
        Sort.STATUS: lambda task: list(Status).index(statuses[task.task_id]),
        Sort.PHASE: lambda task: (_natural(task.phase), _natural(task.slice)),
        Sort.SIZE: lambda task: list(Size).index(task.size),
    }
    if sort in keys:
        found.sort(key=keys[sort])
    shown = found[:limit] if limit else found
    lines = [task_line(task, statuses[task.task_id]) for task in shown]
    return TaskList(lines, len(found), len(lines), len(lines) < len(found))


def _natural(text: str) -> list[str | tuple[int, str]]:
    """A key by which `Phase 2` comes before `Phase 10`: text and numbers in turn, numbers by their length."""
    parts = re.split(r"([0-9]+)", text)
    return [(len(part.lstrip("0")), part.lstrip("0")) if at % 2 else part for at, part in enumerate(parts)]
