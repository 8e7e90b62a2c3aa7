"""What can happen to a task, as one line of the journal says it."""

from enum import StrEnum

from msgspec import Struct, field

from vtm.model.state import Evidence, TaskState
from vtm.model.status import Status
from vtm.model.task import Texts, Timestamp


class Kind(StrEnum):
    """What happens to a task.

    `start` takes it up, `takeover` takes it up from an owner whose lease ran out, `release` gives it back.
    `meet` and `unmeet` are about criteria, `attempt` is a failed verification. `block` is the safe exit.
    `reset` forgets what was done, `waive` lets a dependency count as met, `note` changes no status.
    `merge` brings the work of a task to main, where the commit in `result` holds it.
    `handoff` leaves word for whoever goes on, and changes nothing else.
    `import` and `undo` set a whole entry, `drop` takes it away; they are for the journal only.
    """

    START = "start"
    TAKEOVER = "takeover"
    RELEASE = "release"
    MEET = "meet"
    UNMEET = "unmeet"
    ATTEMPT = "attempt"
    BLOCK = "block"
    UNBLOCK = "unblock"
    COMPLETE = "complete"
    ABANDON = "abandon"
    REOPEN = "reopen"
    MERGE = "merge"
    WAIVE = "waive"
    RESET = "reset"
    NOTE = "note"
    HANDOFF = "handoff"
    IMPORT = "import"
    UNDO = "undo"
    DROP = "drop"


class Reported(Struct, frozen=True, omit_defaults=True):
    """What is kept of the report of a worker that led to an event, beside what the event says anyway.

    Attributes:
        digest: SHA-256 of all that it says, in hex.
        whole: Whether all of it was recorded; a completion may have been refused.
        files: Those that it names as changed, the first ones of very many.
        minutes: How long the work took; None: it does not say.
    """

    digest: str = ""
    whole: bool = False
    files: Texts = ()
    minutes: float | None = None


class Handoff(Struct, frozen=True):
    """What whoever works at a task leaves to whoever goes on.

    Attributes:
        done: Work that is done.
        files: Files that were changed.
        next: Steps to take.
        constraints: What has to stay as it is.
        tests: What was verified, and how that ended.
    """

    done: Texts = ()
    files: Texts = ()
    next: Texts = ()
    constraints: Texts = ()
    tests: Texts = ()


class Details(Struct, frozen=True, omit_defaults=True):
    """What an event carries besides its kind; what its kind has no use for stays empty.

    Attributes:
        owner: Agent that starts the task, or takes it over.
        previous: From whom a takeover takes it.
        previous_at: When that owner was last heard of.
        session: Session of the agent.
        criteria: Ids of criteria that are met, or no longer; also of those met with a completion or block.
        text: A note, also one that comes with a block, or what failed in an attempt.
        reason: Why; never empty where the command asks for one.
        tried: What was tried before a task was blocked.
        suggestion: What might help a blocked task.
        dependency: Id of a dependency that is waived.
        pr_number: Pull request that holds the work.
        result: What shows that it is done.
        allowed: Codes that were overridden by name; `reason` says why.
        entry: The whole entry that an import or undo sets.
        undoes: Id of the event that is undone.
        report: The report of a worker that it comes from.
        handoff: What a `handoff` hands over.
        codes: What led to it, as codes, such as `MERGE-CONFLICT` where finished work is handed back.
    """

    owner: str = ""
    previous: str = ""
    previous_at: Timestamp | None = None
    session: str = ""
    criteria: Texts = ()
    text: str = ""
    reason: str = ""
    tried: str = ""
    suggestion: str = ""
    dependency: str = ""
    pr_number: int | None = None
    result: Evidence | None = None
    allowed: Texts = ()
    entry: TaskState | None = None
    undoes: str = ""
    report: Reported | None = None
    handoff: Handoff | None = None
    codes: Texts = ()


class Event(Struct, frozen=True):
    """One accepted transition.

    Attributes:
        id: Unique; of two ids of one task, the later one is the greater one.
        at: Never before the event that came before it.
        from_: Status before; `to` after.
        actor: Who did it; empty: unknown.
        epoch: Of the task, once this has happened.
        evidence: What it carries.
        follows: Id of the event that its writer saw as the last one of the task; empty: there was none.
        more: How many lines follow that were written in the same step; all of them count, or none.

    Source: schemas/task-event.schema.json.
    """

    id: str
    at: Timestamp
    task: str
    event: Kind
    from_: Status = field(name="from")
    to: Status
    actor: str = ""
    epoch: int = 0
    evidence: Details = Details()
    follows: str = ""
    more: int = 0

    @property
    def order(self) -> tuple[int, Timestamp, str]:
        """Where it stands among the events of its task, however the lines of the journal are arranged."""
        return self.epoch, self.at, self.id
