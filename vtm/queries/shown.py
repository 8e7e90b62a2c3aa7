"""One task with everything known of it."""

from collections.abc import Sequence

from vtm.graph.lookup import dependents
from vtm.graph.readiness import Readiness, Unmet
from vtm.model.backlog import Backlog
from vtm.model.finding import Finding
from vtm.model.state import TaskState
from vtm.model.status import Status
from vtm.model.task import Task
from vtm.queries.card import TaskCard, card_fields
from vtm.queries.next_task import TDD, Tdd


class ShownTask(TaskCard, frozen=True, kw_only=True, tag_field="schema", tag="vtm.show/1"):
    """A task with its state, its place in the graph and its findings.

    Attributes:
        eligible: Whether it can be taken up now.
        stuck: Whether what it waits for can never happen as things are.
        held_by: Ids of High tasks that hold it back because it is provisional, where it is pending.
        acs_remaining: Ids of criteria that are declared and not yet met.
        dependents: Ids of tasks that depend on it directly.
    """

    tdd: Tdd
    eligible: bool
    stuck: bool
    unmet: Sequence[Unmet]
    held_by: Sequence[str] = ()
    dependents: Sequence[str]
    acs_remaining: Sequence[str]
    state: TaskState
    findings: Sequence[Finding]


def shown_task(backlog: Backlog, readiness: Readiness, task: Task, findings: Sequence[Finding]) -> ShownTask:
    """Everything known of `task`."""
    status = readiness.statuses[task.task_id]
    pending = status is Status.PENDING
    return ShownTask(
        **card_fields(task, status),
        tdd=TDD[task.risk],
        eligible=task in readiness.eligible,
        stuck=pending and task in readiness.stuck,
        unmet=readiness.unmet(task),
        held_by=[each.task_id for each in readiness.held_by(task)] if pending else [],
        dependents=[each.task_id for each in dependents(backlog).get(task.task_id, ())],
        acs_remaining=backlog.state_of(task).left(task),
        state=backlog.state_of(task),
        findings=findings,
    )
