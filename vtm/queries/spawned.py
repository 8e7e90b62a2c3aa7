"""A session that was started outside of a run."""

from collections.abc import Sequence

from msgspec import Struct

from vtm.queries.run import TaskReason, WaitingBranch


class Spawned(Struct, frozen=True, kw_only=True, tag_field="schema", tag="vtm.spawn/1"):
    """A session that was started outside of a run.

    Attributes:
        session: Its id.
        started: Whether it was just now; else it was at work already.
        pid: The process that keeps its agent; 0: not known.
        parent: Id of the session that started it; empty: none did.
        waited: Whether its end was waited for; what follows is told only then.
        completed: Whether its task is.
        blocked: Its task, where that is blocked.
        waiting: Its branch, where that is to be merged.
    """

    task_id: str
    session: str
    started: bool
    pid: int = 0
    runner: str = ""
    agent: str = ""
    worktree: str = ""
    branch: str = ""
    parent: str = ""
    waited: bool = False
    completed: bool = False
    blocked: Sequence[TaskReason] = ()
    waiting: Sequence[WaitingBranch] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing is left to do about it but to merge, as far as it was waited for."""
        return self.completed or not self.waited
