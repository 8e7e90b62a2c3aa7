"""The report that a worker hands back: an example, filled in for its task."""

from collections.abc import Sequence

import msgspec
from msgspec.structs import asdict

from vtm.model.plain import json_text, whole
from vtm.model.report import Claim, Results, WorkerReport
from vtm.model.settings import Settings
from vtm.model.state import TaskState
from vtm.model.status import Status
from vtm.model.task import Task
from vtm.queries.commands import checking_command


def example(task: Task, state: TaskState, settings: Settings, minutes: int, changed: Sequence[str]) -> str:
    """The report of a worker that met all criteria of `task` and changed these files, as indented JSON.

    Its numbers are examples.
    """
    running = state.status is Status.IN_PROGRESS
    results = Results(12, 0, checking_command(settings) or "the command that ran the tests")
    report = WorkerReport(
        task_id=whole(task.task_id),
        status=Claim.COMPLETED,
        epoch=state.epoch if running else state.epoch + 1,
        acs_completed=tuple(whole(each.id) for each in task.acceptance_criteria),
        files_modified=tuple(map(whole, changed)),
        test_results=results,
        duration_minutes=minutes,
    )
    every_key = asdict(report) | {"test_results": asdict(results)}
    return json_text(msgspec.json.format(msgspec.json.encode(every_key), indent=2).decode())
