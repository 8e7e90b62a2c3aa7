"""What a worker says of its work, in its own words."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from vtm.model.event import Details, Kind
from vtm.model.task import TaskId

Name = Annotated[str, Meta(min_length=1, max_length=1000)]
"""An id, a path or a command line."""

Told = Annotated[str, Meta(max_length=20000)]
"""A text that somebody else is to read."""

Count = Annotated[int, Meta(ge=0, le=10**9)]


class Claim(StrEnum):
    """How a worker says that a task stands."""

    COMPLETED = "completed"
    BLOCKED = "blocked"
    IN_PROGRESS = "in-progress"


class Results(Struct, frozen=True, omit_defaults=True):
    """How tests ended that a worker ran.

    Attributes:
        command: What ran them.
    """

    passed: Count = 0
    failed: Count = 0
    command: Annotated[str, Meta(max_length=1000)] = ""


class Blocker(Struct, frozen=True, omit_defaults=True):
    """What stands in the way of a task.

    Attributes:
        reason: What stopped the work.
        tried: What was tried.
        suggestion: What might help.
    """

    reason: Annotated[str, Meta(min_length=1, max_length=20000)]
    tried: Told = ""
    suggestion: Told = ""


class WorkerReport(Struct, frozen=True, omit_defaults=True):
    """The report of a worker on one task.

    Attributes:
        status: How it says that the task stands.
        epoch: Of the lease under which the work was done; None: it does not say.
        acs_completed: Ids of criteria that are met, `acs_remaining` of those that are not.
        files_modified: Paths of files that were changed, relative to the project.
        test_results: None: no tests were run.
        blockers: What stands in the way; of a blocked task at least one.
        duration_minutes: How long the work took.

    Source: schemas/worker-report.schema.json.
    """

    task_id: TaskId
    status: Claim
    epoch: Annotated[int, Meta(ge=0, le=2**53)] | None = None
    acs_completed: tuple[Name, ...] = ()
    acs_remaining: tuple[Name, ...] = ()
    files_modified: tuple[Name, ...] = ()
    test_results: Results | None = None
    blockers: tuple[Blocker, ...] = ()
    duration_minutes: Annotated[float, Meta(ge=0, le=10**6)] | None = None


def told(report: WorkerReport, kind: Kind) -> Details:
    """What a report says in words, where an event of this kind has it."""
    reasons = "\n".join(each.reason for each in report.blockers)
    if kind is not Kind.BLOCK:
        return Details(text=reasons)
    return Details(
        reason=reasons,
        tried="\n".join(each.tried for each in report.blockers if each.tried),
        suggestion="\n".join(each.suggestion for each in report.blockers if each.suggestion),
    )
