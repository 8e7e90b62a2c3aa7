"""What has happened: the state of each task."""

from msgspec import Struct
from msgspec.structs import replace

from vtm.model.status import Status
from vtm.model.task import Task, Texts, Timestamp


class Evidence(Struct, frozen=True, omit_defaults=True):
    """What shows that a task is done.

    Attributes:
        tests_passed: How many tests passed.
        tests_failed: How many did not; None: nobody said so.
        exit_code: Exit code of the command that ran them.
        command: That command.
        digest: SHA-256 of what it printed, in hex.
        commit: The commit that holds the work.
        covers: Criterion id to the tests that cover it.
    """

    tests_passed: int | None = None
    tests_failed: int | None = None
    exit_code: int | None = None
    command: str | None = None
    digest: str | None = None
    commit: str | None = None
    covers: dict[str, Texts] = {}

    @property
    def green(self) -> bool:
        """Whether tests ran and none failed."""
        if self.tests_failed:
            return False
        return self.exit_code == 0 or (self.exit_code is None and bool(self.tests_passed))


class Attempt(Struct, frozen=True):
    """A verification that failed."""

    at: Timestamp
    text: str


class TaskState(Struct, frozen=True):
    """What has happened to one task; what was asked for lives in `Task`.

    Attributes:
        status: A task without an entry is `pending`.
        started_at: UTC; None until the task was first started.
        completed_at: UTC; None until it was completed.
        acs_completed: Ids of acceptance criteria, in the order they were met.
        acs_remaining: As last written by whoever wrote it; what is left is computed from the manifest.
        blocked_reason: Why it is blocked.
        owner: The agent that it was started for; empty: none was named.
        epoch: How often it was started or taken over; it only grows.
        attempts: Verifications that failed since it was last unblocked.
        waived: Dependencies that need not be completed, with the reason of each.
        criteria: Ids that vtm gave to check boxes of the task's own file, with the texts they had then.
        last_event: Id of the last journal line that this entry shows; empty: it shows none.

    Source: schemas/task-state.schema.json.
    """

    status: Status = Status.PENDING
    started_at: Timestamp | None = None
    completed_at: Timestamp | None = None
    acs_completed: Texts = ()
    acs_remaining: Texts = ()
    blocked_reason: str = ""
    notes: str = ""
    pr_number: int | None = None
    owner: str = ""
    epoch: int = 0
    attempts: tuple[Attempt, ...] = ()
    waived: dict[str, str] = {}
    evidence: Evidence | None = None
    criteria: dict[str, str] = {}
    last_event: str = ""

    @property
    def obstacle(self) -> str:
        """What was written down about why it is blocked; empty: nothing."""
        return self.blocked_reason.strip() or self.notes.strip()

    def left(self, task: Task) -> Texts:
        """Ids of criteria of `task` that are not met, as declared."""
        met = set(self.acs_completed)
        return tuple(each.id for each in task.acceptance_criteria if each.id not in met)


class State(Struct, frozen=True):
    """The state of a backlog: `tasks` by id, and the hash of the manifest it was written for."""

    tasks: dict[str, TaskState] = {}
    manifest_hash: str = ""
    last_updated: Timestamp | None = None


UNTOUCHED = TaskState()
"""The state of a task that has no entry."""


def decided(entry: TaskState | None) -> TaskState:
    """What of an entry its events decide: not the criteria left, nor ids, which follow from declarations."""
    return replace(entry or UNTOUCHED, acs_remaining=(), criteria={}, last_event="")
