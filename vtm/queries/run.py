"""What came of a run."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from vtm.model.finding import Finding
from vtm.queries.planning import Mode


class RunOutcome(StrEnum):
    """How a run ended.

    `done`: each selected task is completed or abandoned, and main holds the work. `waiting`: what is left
    waits for nothing but a merge. `limit`: as many were completed as were asked for. `stuck`: something is
    blocked, held back by a gate, or waits for that. `drained`: it was asked to stop, and let its agents
    finish. `aborted`: it ended them. `planned`: nothing was started, because that was not asked for.
    """

    DONE = "done"
    WAITING = "waiting"
    LIMIT = "limit"
    STUCK = "stuck"
    DRAINED = "drained"
    ABORTED = "aborted"
    PLANNED = "planned"


class TaskReason(Struct, frozen=True):
    """A task, and why it stands as it does."""

    task_id: str
    reason: str
    codes: Sequence[str] = ()


class WaitingBranch(Struct, frozen=True):
    """A completed task whose branch is not merged; `reason`: what kept it from being so."""

    task_id: str
    branch: str
    reason: str = ""


class RunTask(Struct, frozen=True):
    """A task that a run would start, and who would do it; `step`: with which others, from 1."""

    step: int
    task_id: str
    title: str
    runner: str
    agent: str = ""


class RunResult(Struct, frozen=True, kw_only=True, tag_field="schema", tag="vtm.run/1"):
    """What came of a run.

    Attributes:
        run: Its id; empty: nothing was started.
        mode: In which it ran; `max`: so many at once at most.
        completed: Ids, in the order in which they were.
        blocked: By this run.
        merged: Ids, in the order in which they were.
        waiting: Completed, and main does not hold them.
        held: Not started because a gate is against it, or in progress outside of the run.
        left: Ids of selected tasks that are pending or in progress.
        gate: Why the gate behind a phase that is over does not let through; empty: it does, or there is none.
        steps: With `--dry-run`: what would be done.
        findings: Why it is not the mode that was asked for, and what keeps a run from starting.
    """

    run: str = ""
    outcome: RunOutcome
    mode: Mode
    max: int
    completed: Sequence[str] = ()
    blocked: Sequence[TaskReason] = ()
    merged: Sequence[str] = ()
    waiting: Sequence[WaitingBranch] = ()
    held: Sequence[TaskReason] = ()
    left: Sequence[str] = ()
    gate: str = ""
    steps: Sequence[RunTask] = ()
    findings: Sequence[Finding] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing is left to do but to merge, or to ask for more."""
        return self.outcome in _FINE


_FINE = {RunOutcome.DONE, RunOutcome.WAITING, RunOutcome.LIMIT, RunOutcome.PLANNED}
