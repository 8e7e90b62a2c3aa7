"""Opens a session for a task that was taken up: its worktree, what its agent is told, its record."""

from collections.abc import Sequence

from msgspec.structs import replace

from vtm.engine.running.hands import Hands
from vtm.engine.running.taking import give_back
from vtm.errors import ConflictError, VtmError
from vtm.model.session import Session
from vtm.model.task import Task


def opened(hands: Hands, task: Task, session: Session, failures: Sequence[str]) -> Session:
    """The session as it is recorded, with all that its agent needs.

    What cannot be had gives the task back, so that nothing is in progress without anybody at work.

    Raises:
        VtmError: It cannot be had.
    """
    try:
        made = hands.make(task)
        session = replace(session, worktree=made.worktree, branch=made.branch, base=made.base)
        hands.brief(task, session, failures)
        if not hands.sessions().add(session):
            raise _known(session)
    except VtmError as error:
        give_back(hands, session, f"it could not be begun: {error.message}")
        hands.let_go(session.id)
        raise
    return session


def _known(session: Session) -> ConflictError:
    return ConflictError(
        f"there is a session {session.id} already",
        code="SESSION-EXISTS",
        fix="`vtm sessions` shows it; run it again",
    )
