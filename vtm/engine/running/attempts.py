"""Work that did not pass: the agent is told why and starts again, up to the last attempt there is."""

from collections.abc import Sequence

from vtm.engine.claiming import Claim, start
from vtm.engine.desk import Desk
from vtm.engine.running.checking import Flaw
from vtm.engine.running.hands import Hands
from vtm.engine.running.taking import block, record, session_of, since_anew
from vtm.model.event import Details, Kind
from vtm.model.facts import Caller
from vtm.model.session import Session
from vtm.model.status import Status
from vtm.model.task import Task
from vtm.model.transitions import MOST_ATTEMPTS


def fail_attempt(hands: Hands, session: Session, flaw: Flaw) -> bool | None:
    """Record that the work of a session did not pass; whether another attempt is left.

    A task that counts as completed already is reopened for it. After the last attempt it is blocked, with
    all that was tried. None: the task is somebody else's by now.
    """
    with hands.recorder().desk() as desk:
        task = desk.task(session.task)
        failed = _failed(desk, task)
        status = desk.backlog.status(task.task_id)
        own = session_of(desk, task) == session.id and status in {Status.COMPLETED, Status.IN_PROGRESS}
    if all(each.session != session.id for each in failed):
        if not own:
            return None
        if status is Status.COMPLETED:
            _reopen(hands, session, flaw)
        failed.append(Details(text=flaw.text, codes=(flaw.code,), session=session.id))
        record(hands, session, Kind.ATTEMPT, failed[-1])
    if len(failed) < MOST_ATTEMPTS:
        return True
    reason = f"{len(failed)} attempts did not pass, the last one because: {failed[-1].text}"
    codes = tuple(dict.fromkeys((*failed[-1].codes, "ATTEMPTS-EXHAUSTED")))
    block(hands, session, Details(reason=reason, tried=_tried(failed), codes=codes))
    return False


def tried(hands: Hands, session: Session) -> str:
    """What did not pass so far, a line for each attempt."""
    with hands.recorder().desk() as desk:
        return _tried(_failed(desk, desk.task(session.task)))


def _failed(desk: Desk, task: Task) -> list[Details]:
    """Attempts at a task that did not pass since it last began anew."""
    return [each.evidence for each in since_anew(desk, task) if each.event is Kind.ATTEMPT]


def _tried(failed: Sequence[Details]) -> str:
    return "\n".join(f"attempt {at}: {each.text}" for at, each in enumerate(failed, 1))


def _reopen(hands: Hands, session: Session, flaw: Flaw) -> None:
    """Let a task be in progress again for the session that completed it."""
    why = Details(reason=f"its work does not pass: {flaw.text}", codes=(flaw.code,))
    record(hands, session, Kind.REOPEN, why)
    caller = Caller(session.agent or session.runner, session.id)
    with hands.recorder().desk() as desk:
        start(desk, session.task, Claim(caller))
