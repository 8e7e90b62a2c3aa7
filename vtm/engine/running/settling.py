"""Takes over into the state what came of a session."""

from enum import StrEnum

from vtm.engine.running.attempts import fail_attempt, tried
from vtm.engine.running.checking import Flaw, verified
from vtm.engine.running.completing import accept
from vtm.engine.running.handed import Ended
from vtm.engine.running.hands import Hands
from vtm.engine.running.taking import block, give_back, session_of
from vtm.errors import ConflictError, VtmError, WrongUsageError
from vtm.model.event import Details
from vtm.model.plain import many_lines
from vtm.model.report import Claim
from vtm.model.session import Session, SessionStatus
from vtm.model.status import Status
from vtm.model.task import Task

MOST_LOST = 3
"""So often the process of a session of a task may get lost before the task is blocked."""
_SHOWN = 300
_IT = "it "
_LOST = "its agent is gone, and nobody saw why"


class Outcome(StrEnum):
    """What came of a session.

    `completed`: its task is. `again`: its work did not pass, or its process got lost: an agent is to be
    started again. `blocked`: its task is. `released`: its task is pending. `left`: its task is somebody
    else's by now, or its session was ended by somebody who saw to the task.
    """

    COMPLETED = "completed"
    AGAIN = "again"
    BLOCKED = "blocked"
    RELEASED = "released"
    LEFT = "left"


def settle(hands: Hands, name: str) -> Outcome:
    """Take over into the state what came of a session whose process is over; again, where it was cut short.

    The state decides what is left to do: what was recorded already is not recorded again.
    """
    sessions = hands.sessions()
    session = sessions.named(name)
    if session is None:
        return Outcome.LEFT
    task, status = _standing(hands, session)
    if task is None or session.settled:
        return _BY_STATE.get(status, Outcome.LEFT) if status else Outcome.LEFT
    ended = _ending(hands, session)
    outcome = _taken_over(hands, task, status, session, ended)
    well = ended.exit_code == 0 and not ended.timed_out
    found = SessionStatus.COMPLETED if well else SessionStatus.FAILED
    sessions.ended(name, found, hands.now(), exit_code=ended.exit_code, reason=how_it_ended(ended))
    sessions.settle(name)
    return outcome


def _ending(hands: Hands, session: Session) -> Ended:
    """How the agent of a session ended; where it was never started, what kept it from that is recorded."""
    ended = hands.ending(session.id)
    if ended is None and session.status is not SessionStatus.ACTIVE:
        return Ended(session.exit_code, reason=session.reason)
    return ended or Ended(None, seen=False)


def _standing(hands: Hands, session: Session) -> tuple[Task | None, Status | None]:
    """The task of a session and how it stands; no status: it is somebody else's by now."""
    with hands.recorder().desk() as desk:
        if session.task not in desk.backlog:
            return None, None
        task = desk.task(session.task)
        own = session_of(desk, task) == session.id
        return task, desk.backlog.status(task.task_id) if own else None


def _taken_over(hands: Hands, task: Task, status: Status | None, session: Session, ended: Ended) -> Outcome:
    if session.status is SessionStatus.ABORTED or (ended.asked_for and status is Status.IN_PROGRESS):
        given_back = give_back(hands, session, session.reason or "aborted")
        return Outcome.RELEASED if given_back else Outcome.LEFT
    if status is Status.COMPLETED:
        if session.task not in hands.left_behind(hands.backlog()):
            return Outcome.COMPLETED  # its work is merged, and its worktree taken away
        found = verified(hands, task, session)
        return _failed(hands, session, found.flaw) if found.flaw else Outcome.COMPLETED
    if status is Status.BLOCKED:
        return Outcome.BLOCKED
    if status is not Status.IN_PROGRESS:
        return Outcome.LEFT
    if not ended.seen:
        return _lost(hands, session, ended)
    if ended.timed_out or ended.exit_code != 0:
        return _blocked(hands, session, ended)
    return _of_report(hands, task, session)


def _of_report(hands: Hands, task: Task, session: Session) -> Outcome:
    """What an agent that ended well says of its work."""
    said = hands.said(session)
    try:
        report = hands.report(said, session)
    except WrongUsageError as error:
        return _failed(hands, session, Flaw("NO-REPORT", f"{error.message}; {error.fix}"))
    if report.report.task_id != session.task:
        return _failed(hands, session, Flaw("NO-REPORT", f"its report is about {report.report.task_id}"))
    if report.report.status is Claim.IN_PROGRESS:
        return _failed(hands, session, Flaw("NOT-FINISHED", "it ended, and reports that it is not finished"))
    try:
        flaw, status = accept(hands, task, session, report)
    except ConflictError:
        return Outcome.LEFT  # somebody else took it meanwhile
    except VtmError as error:
        return _failed(hands, session, Flaw(error.code, f"its report is refused: {error.message}"))
    if flaw is not None:
        return _failed(hands, session, flaw)
    return Outcome.COMPLETED if status is Status.COMPLETED else Outcome.BLOCKED


_BY_STATE = {
    Status.COMPLETED: Outcome.COMPLETED,
    Status.BLOCKED: Outcome.BLOCKED,
    Status.PENDING: Outcome.RELEASED,
    Status.IN_PROGRESS: Outcome.AGAIN,
}
"""What came of a session that was settled, by the status of its task."""


def _failed(hands: Hands, session: Session, flaw: Flaw) -> Outcome:
    left = fail_attempt(hands, session, flaw)
    if left is None:
        return Outcome.LEFT
    return Outcome.AGAIN if left else Outcome.BLOCKED


def _blocked(hands: Hands, session: Session, ended: Ended) -> Outcome:
    code = "AGENT-TIMEOUT" if ended.timed_out else "AGENT-FAILED"
    reason = _with_last_words(hands, session, ended)
    details = Details(reason=reason, tried=tried(hands, session), codes=(code,))
    return Outcome.BLOCKED if block(hands, session, details) else Outcome.LEFT


def _with_last_words(hands: Hands, session: Session, ended: Ended) -> str:
    lines = [line for line in hands.said(session).splitlines() if line.strip()]
    how = how_it_ended(ended)
    return f"{how}; the last that it said: {many_lines(lines[-1].strip()[:_SHOWN])}" if lines else how


def how_it_ended(ended: Ended) -> str:
    """How an agent's process ended, for a person."""
    if not ended.seen:
        return _LOST
    if ended.reason.startswith(_IT):
        return f"its agent {ended.reason.removeprefix(_IT)}"
    return f"its agent did not run: {ended.reason}" if ended.reason else "its agent ended"


def _lost(hands: Hands, session: Session, ended: Ended) -> Outcome:
    """An agent that nobody saw end did nothing wrong; only so often it is started again."""
    earlier = [each for each in hands.sessions().of_task(session.task) if each.reason == _LOST]
    if len(earlier) + 1 < MOST_LOST:
        return Outcome.AGAIN
    details = Details(reason=f"{how_it_ended(ended)}, {MOST_LOST} times", codes=("AGENT-LOST",))
    return Outcome.BLOCKED if block(hands, session, details) else Outcome.LEFT
