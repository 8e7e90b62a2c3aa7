"""What happens in a run, as it is told while it happens."""

from enum import StrEnum

from msgspec import Struct

from vtm.model.task import Timestamp


class RunStep(StrEnum):
    """What happened.

    `run-started` and `run-resumed` begin a run and `run-ended` ends it; `draining`: no task is started any
    more; `stopping`: the agents are ended. Of a task: `claimed` for a session, `prepared` (worktree and
    prompt are there), `launched`, `adopted` from an engine that is gone, `said` something, `agent-ended`;
    `attempt-failed`: its work did not pass the check; `completed`, `blocked`, `merged`; `handed-back`: it
    could not be merged; `held`: gates keep it from being started; `released`: it is pending again.
    `differs`: what the engine remembers is not what the state says, which counts.
    """

    RUN_STARTED = "run-started"
    RUN_RESUMED = "run-resumed"
    CLAIMED = "claimed"
    PREPARED = "prepared"
    LAUNCHED = "launched"
    ADOPTED = "adopted"
    SAID = "said"
    AGENT_ENDED = "agent-ended"
    ATTEMPT_FAILED = "attempt-failed"
    COMPLETED = "completed"
    BLOCKED = "blocked"
    MERGED = "merged"
    HANDED_BACK = "handed-back"
    HELD = "held"
    RELEASED = "released"
    DIFFERS = "differs"
    DRAINING = "draining"
    STOPPING = "stopping"
    RUN_ENDED = "run-ended"


class RunEvent(Struct, frozen=True, tag_field="schema", tag="vtm.run-event/1"):
    """Something that happened in a run.

    Attributes:
        at: When.
        task: Id of the task; empty: it is about the run as a whole.
        session: Id of the session; empty: it is about none.
        text: More about it, for a person; plain text without line breaks, from whatever source.
    """

    at: Timestamp
    event: RunStep
    task: str = ""
    session: str = ""
    text: str = ""
