"""What engines left behind that are gone: found, and taken over or put an end to. The state decides."""

from typing import NamedTuple

from vtm.engine.running.hands import Hands
from vtm.engine.running.taking import session_of
from vtm.engine.running.telling import Teller
from vtm.model.session import Session, SessionStatus
from vtm.model.status import Status
from vtm.model.task import Task
from vtm.ports.workflows import Unfinished, Workflows
from vtm.queries.run_event import RunStep

_GIVEN_UP = {Status.PENDING, Status.ABANDONED}
"""How a task stands for which nobody is to work any more, though it was taken up for a session."""
VOID = "the state says that nobody is to work at its task, or somebody else"


class Found(NamedTuple):
    """What is taken over.

    Attributes:
        attended: Sessions that go on, each with its task.
        orphans: Tasks in progress that were taken up for a session and that nobody works at.
        void: Names of workflows that are of no use any more.
        executors: Engine processes that are gone, and drove what is taken over.
    """

    attended: list[tuple[Task, Session]]
    orphans: list[Task]
    void: list[str]
    executors: set[str]


def found(hands: Hands, workflows: Workflows, teller: Teller) -> Found:
    """Find what is left of engines that are gone.

    Only what ran on this machine is looked at, and only what no living engine attends to.
    """
    mine = [each for each in hands.sessions().all() if not each.settled and each.host == hands.host]
    mine = [each for each in mine if hands.hold(each.id)]
    current = _tasks_of(hands)
    backlog = hands.backlog()
    attended = []
    void = []
    for each in mine:
        goes_on = each.id in current and backlog.status(each.task) not in _GIVEN_UP
        if goes_on or (each.task in backlog and not hands.is_alive(each.id)):
            attended.append((backlog[each.task], each))
        else:
            _end(hands, each, teller)
            void.append(each.id)
    kept = {session.id for _, session in attended}
    open_ = workflows.unfinished()
    executors = {each.executor for each in open_ if each.session in kept}
    void += [each.session for each in open_ if each.session not in kept and _is_over(hands, each)]
    orphans = [
        task
        for name, task in current.items()
        if name not in kept and backlog.status(task.task_id) is Status.IN_PROGRESS and hands.hold(name)
    ]
    return Found(attended, orphans, void, executors)


def _tasks_of(hands: Hands) -> dict[str, Task]:
    """Session id to the task that was taken up for it last."""
    with hands.recorder().desk() as desk:
        tasks = [task for task in desk.backlog.tasks if desk.backlog.state_of(task).epoch]
        return {name: task for task in tasks if (name := session_of(desk, task))}


def _end(hands: Hands, session: Session, teller: Teller) -> None:
    """End what runs for nobody."""
    hands.end(session.id)
    sessions = hands.sessions()
    sessions.ended(session.id, SessionStatus.FAILED, hands.now(), exit_code=None, reason=VOID)
    sessions.settle(session.id)
    hands.let_go(session.id)
    teller.of(session, RunStep.DIFFERS, f"it was still recorded as active, but {VOID}; it was ended")


def _is_over(hands: Hands, workflow: Unfinished) -> bool:
    """Whether a workflow, of a session that is over, was driven here by an engine that is gone."""
    here = workflow.executor.startswith(f"{hands.host}-")
    gone = here and hands.hold(workflow.session)
    if gone:
        hands.let_go(workflow.session)
    return gone
