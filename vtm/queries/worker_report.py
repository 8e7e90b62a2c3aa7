"""The report that a worker hands back: an example, filled in for its task."""

from collections.abc import Sequence

import msgspec

from vtm.model.plain import json_text
from vtm.model.settings import Settings
from vtm.model.state import TaskState
from vtm.model.status import Status
from vtm.model.task import Task
from vtm.queries.commands import checking_command


class Results(msgspec.Struct, frozen=True):
    """How the tests went: how many passed and failed, and the command that ran them."""

    passed: int
    failed: int
    command: str


class Example(msgspec.Struct, frozen=True):
    """A report, in the shape that `vtm report-back` takes.

    Source: docs/specs/reports-back.md.
    """

    task_id: str
    status: str
    epoch: int
    acs_completed: Sequence[str]
    acs_remaining: Sequence[str]
    files_modified: Sequence[str]
    test_results: Results
    blockers: Sequence[str]
    duration_minutes: int


def example(task: Task, state: TaskState, settings: Settings, minutes: int) -> str:
    """The report of a worker that met all criteria of `task`, as indented JSON; its numbers are examples."""
    running = state.status is Status.IN_PROGRESS
    tests = [_whole(each) for each in task.test_verification or ()]
    report = Example(
        task_id=_whole(task.task_id),
        status="completed",
        epoch=state.epoch if running else state.epoch + 1,
        acs_completed=[_whole(each.id) for each in task.acceptance_criteria],
        acs_remaining=[],
        files_modified=tests,
        test_results=Results(12, 0, checking_command(settings) or "the command that ran the tests"),
        blockers=[],
        duration_minutes=minutes,
    )
    return json_text(msgspec.json.format(msgspec.json.encode(report), indent=2).decode())


def _whole(text: str) -> str:
    """`text` with half characters, which UTF-8 cannot hold, as escapes."""
    return text.encode("utf-8", "backslashreplace").decode()
