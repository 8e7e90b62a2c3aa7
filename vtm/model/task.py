"""What was declared: tasks and the manifest that holds them."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from vtm.model.status import Grade, Impact, Risk, Scope, Size, Status

TaskId = Annotated[str, Meta(min_length=1, pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]+(?![\s\S])")]
"""An identifier: not empty, no control characters."""

Timestamp = Annotated[datetime, Meta(tz=True)]
"""A moment with its offset from UTC (RFC 3339)."""

Texts = tuple[str, ...]


class Criterion(Struct, frozen=True):
    """One acceptance criterion.

    Attributes:
        id: Not empty. A rule looks for control characters in it: to do so here would take longer than
            to decode all the rest.
    """

    id: Annotated[str, Meta(min_length=1)]
    text: str = ""


class Estimate(Struct, frozen=True):
    """How large a task is thought to be."""

    size: Size = Size.M


class Task(Struct, frozen=True):
    """What was asked for; what has happened to it lives in `TaskState`.

    Attributes:
        task_id: Unique in the backlog.
        risk: Medium where nothing is declared.
        test_verification: Paths of tests, each perhaps followed by a note in parentheses; None: undeclared.
        parallel: Whether it may run beside others; None: undeclared.
        conflicts_with: Ids of tasks that must not run at the same time; None: undeclared.
        file_scope: Globs of the files it may change.
        grade: Risk as task files grade it; None: only `risk` is known, or nothing. It is for analyses, as
            are `scope` and `impact`.
        level: What kind of work it is, in the words of its author.
        declared_status: Status as the task's own file states it (Markdown front matter only).

    Source: schemas/virtual-task-manifest.schema.json.
    """

    task_id: TaskId
    title: str = ""
    description: str = ""
    capability_id: str = ""
    phase: str = ""
    slice: str = ""
    risk: Risk = Risk.MEDIUM
    est: Estimate = Estimate()
    acceptance_criteria: tuple[Criterion, ...] = ()
    depends_on_tasks: Texts = ()
    related_specs: Texts = ()
    related_adrs: Texts = ()
    related_guides: Texts = ()
    test_verification: Texts | None = None
    gap_codes: Texts = ()
    provisional: bool = False
    parallel: bool | None = None
    conflicts_with: Texts | None = None
    file_scope: Texts = ()
    parallelism_group: str | None = None
    grade: Grade | None = None
    scope: Scope | None = None
    impact: Impact | None = None
    level: str = ""
    declared_status: Status | None = None

    @property
    def size(self) -> Size:
        """The estimated size."""
        return self.est.size


class FileTask(Task, frozen=True, omit_defaults=True):
    """A task that is declared in a file of its own, which owns its status, times and boxes.

    Attributes:
        declared_status: Never None.
        status_word: How the file writes its status, where it is not in the word of `declared_status`.
        started_at: As the file states it; so is `completed_at`.
        met: Ids of criteria whose box is ticked, in the order of the file.
        numbered: Ids of criteria that have none of their own and were given one by position.
        notes: The section of that name.
        position: Where it stood in a manifest that it comes from; None: it comes from none.

    Source: schemas/task-frontmatter.schema.json.
    """

    status_word: str = ""
    started_at: Timestamp | None = None
    completed_at: Timestamp | None = None
    met: Texts = ()
    numbered: Texts = ()
    notes: str = ""
    position: int | None = None


class Gaps(Struct, frozen=True):
    """Gaps that the planner left open; while `blocking` holds any, the manifest is not to be worked on."""

    blocking: Texts = ()


class Manifest(Struct, frozen=True):
    """A backlog as declared.

    Attributes:
        status: `OK`, or why it must not be worked on.
        manifest_hash: The hash that its author recorded: of the raw file or of the tasks, full or a prefix.
        timestamp: When it was generated.
        tasks: In the order of the file, duplicates included.

    Source: schemas/virtual-task-manifest.schema.json.
    """

    tasks: tuple[Task, ...]
    status: str = "OK"
    manifest_hash: str = ""
    timestamp: Timestamp | None = None
    gaps: Gaps = Gaps()
