"""A task as answers show it."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from vtm.model.status import Risk, Size, Status
from vtm.model.task import Criterion, Task, Texts


class TaskCard(Struct, frozen=True, kw_only=True):
    """A task with the field names of the manifest, its size and its status."""

    task_id: str
    title: str
    description: str
    risk: Risk
    phase: str
    slice: str
    size: Size
    status: Status
    acceptance_criteria: Sequence[Criterion]
    depends_on_tasks: Texts
    related_specs: Texts
    related_adrs: Texts
    related_guides: Texts
    test_verification: Texts
    capability_id: str
    gap_codes: Texts
    provisional: bool
    parallel: bool | None
    conflicts_with: Texts
    file_scope: Texts
    parallelism_group: str | None


def card_fields(task: Task, status: Status) -> dict[str, Any]:
    """The values of a `TaskCard`'s fields."""
    values = {
        name: getattr(task, name) for name in TaskCard.__struct_fields__ if name not in {"status", "size"}
    }
    return values | {
        "status": status,
        "size": task.size,
        "test_verification": task.test_verification or (),
        "conflicts_with": task.conflicts_with or (),
    }


class TaskLine(Struct, frozen=True):
    """A task in one line of a list."""

    task_id: str
    title: str
    status: Status
    risk: Risk
    phase: str
    slice: str
    size: Size


def task_line(task: Task, status: Status) -> TaskLine:
    """A task in one line."""
    return TaskLine(task.task_id, task.title, status, task.risk, task.phase, task.slice, task.size)
