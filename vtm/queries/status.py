"""How far each phase, slice and risk is."""

from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec import Struct

from vtm.graph.readiness import Readiness
from vtm.model.backlog import Backlog
from vtm.model.status import Risk, Status
from vtm.model.task import Task
from vtm.queries.pulse import Aged, Progress, Running, aged, how_far, last_completed, percent, tally

RECENT = 5
"""How many completed tasks are recent."""


class BacklogStatus(Struct, frozen=True, tag_field="schema", tag="vtm.status/1"):
    """Completed of all, by what tasks belong to; what belongs to nothing stands under the empty name."""

    at: datetime
    tasks: dict[str, int]
    by_phase: dict[str, Progress]
    by_slice: dict[str, Progress]
    by_risk: dict[str, Progress]
    recent_completed: Sequence[Aged]
    in_progress: Sequence[Running]


def backlog_status(backlog: Backlog, readiness: Readiness, now: datetime) -> BacklogStatus:
    """How far each phase, slice and risk is at `now`; groups in the order in which tasks name them."""

    def grouped(name_of: Callable[[Task], str], names: Sequence[str] = ()) -> dict[str, Progress]:
        counts = {name: [0, 0] for name in names}
        for task in backlog.tasks:
            count = counts.setdefault(name_of(task), [0, 0])
            count[0] += readiness.statuses[task.task_id] is Status.COMPLETED
            count[1] += 1
        return {name: Progress(percent(*count), *count) for name, count in counts.items()}

    return BacklogStatus(
        at=now,
        tasks=tally(readiness),
        by_phase=grouped(lambda task: task.phase),
        by_slice=grouped(lambda task: task.slice),
        by_risk=grouped(lambda task: task.risk, [risk.value for risk in Risk]),
        recent_completed=[
            aged(task, backlog.state_of(task).completed_at, now)
            for task in last_completed(backlog, readiness)[:RECENT]
        ],
        in_progress=[how_far(backlog, task) for task in readiness.tasks_with(Status.IN_PROGRESS)],
    )
