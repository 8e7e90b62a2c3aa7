"""What engines left behind that are gone: found, and taken over or put an end to. The state decides."""

from collections.abc import Iterable
from typing import NamedTuple

from vtm.engine.running.hands import Hands
from vtm.engine.running.taking import session_of
from vtm.engine.running.telling import Teller
from vtm.model.session import Session, SessionStatus
from vtm.model.status import Status
from vtm.model.task import Task
from vtm.ports.workflows import Unfinished, Workflows
from vtm.queries.run_event import RunStep

VOID = "the state says that its task is somebody else's by now"


class Found(NamedTuple):
    """What is taken over.

    Attributes:
        attended: Sessions that go on, each with its task.
        orphans: Tasks in progress that were taken up for a session and that nobody works at.
        void: Names of workflows that are of no use any more.
    """

    attended: list[tuple[Task, Session]]
    orphans: list[Task]
    void: list[str]


def found(hands: Hands, workflows: Workflows, teller: Teller) -> Found:
    """Find what is left, and let go on here what engines drove that are gone.

    Only what ran on this machine is looked at, and only what no living engine attends to.
    """
    mine = [each for each in hands.sessions().all() if not each.settled and each.host == hands.host]
    mine = [each for each in mine if hands.hold(each.id)]
    current = _tasks_of(hands)
    backlog = hands.backlog()
    attended = []
    void = []
    for each in mine:
        if current.get(each.id) or (each.task in backlog and not hands.is_alive(each.id)):
            attended.append((backlog[each.task], each))
        else:
            _end(hands, each, teller)
            void.append(each.id)
    kept = {session.id for _, session in attended}
    open_ = workflows.unfinished()
    gone = _recovered(workflows, open_, kept)
    void += [each.session for each in open_ if each.session in gone - kept]
    orphans = [
        task
        for name, task in current.items()
        if name not in kept and backlog.status(task.task_id) is Status.IN_PROGRESS and hands.hold(name)
    ]
    return Found(attended, orphans, void)


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


def _recovered(workflows: Workflows, open_: Iterable[Unfinished], kept: set[str]) -> set[str]:
    """Let go on what engines drove that are gone: whose session we hold; ids of all that they drove."""
    executors = {each.executor for each in open_ if each.session in kept}
    workflows.recover(executors)
    return {each.session for each in open_ if each.executor in executors}
