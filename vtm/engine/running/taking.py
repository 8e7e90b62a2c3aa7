"""Takes tasks up for sessions, and gives them back."""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from vtm.engine.claiming import Claim, retake, start
from vtm.engine.desk import Desk
from vtm.engine.request import Request
from vtm.engine.running.handed import Assigned
from vtm.engine.running.hands import Hands
from vtm.engine.running.order import PHASE
from vtm.model.counting import counting
from vtm.model.event import Details, Event, Kind
from vtm.model.facts import Caller
from vtm.model.refusal import RefusedError
from vtm.model.session import Session, session_id
from vtm.model.status import Status
from vtm.model.task import Task
from vtm.queries.run import TaskReason

HELD = "SESSION-HELD"
"""Another engine attends to the session."""
_OPEN = "`vtm phase` shows what the gates of phases say"
_TAKEN_UP = {Kind.START, Kind.TAKEOVER}
_ANEW = {Kind.UNBLOCK, Kind.RESET}


class Origin(NamedTuple):
    """What a session is started from.

    Attributes:
        run: Id of the run; empty: it is started by itself.
        parent: Id of the session that started it; empty: none did.
    """

    run: str = ""
    parent: str = ""


class Taken(NamedTuple):
    """A task that was taken up for a session, or what kept it from being so.

    Attributes:
        session: As it is to be recorded, without a worktree; None: it was not taken up.
        failures: What failed before, as whoever goes on has to know it.
        codes: Of what holds the task back.
        reason: The same for a person; `fix`: what to do about it, empty: it is not known.
        other: Id of the session that is at work on it; empty: none is.
    """

    session: Session | None
    failures: Sequence[str] = ()
    codes: Sequence[str] = ()
    reason: str = ""
    fix: str = ""
    other: str = ""


def take(hands: Hands, task: Task, assigned: Assigned, origin: Origin) -> Taken:
    """Take up a task, in the name of whoever is to do it, for a session of its own.

    One that is in progress for a session that is over goes on under a new epoch: nobody can write under the
    old one any more. No other engine attends to the session then, as long as this process lives.

    Raises:
        VtmError: Something other than a gate keeps it from being so.
    """
    closed = hands.closed(task)
    if closed:
        return Taken(None, codes=(PHASE,), reason=closed, fix=_OPEN)
    known = hands.sessions().of_task(task.task_id)
    with hands.recorder().desk() as desk:
        declared = desk.task(task.task_id)
        state = desk.backlog.state_of(declared)
        before = session_of(desk, declared) if state.status is Status.IN_PROGRESS else ""
        if before and (not hands.hold(before) or any(not each.settled for each in known)):
            return Taken(None, codes=(HELD,), reason=f"{before} is at work on it", other=before)
        if before and hands.is_alive(before):  # its record is lost, and it works where the next is to
            hands.end(before)
        attempt = 1 + max([each.attempt for each in known], default=state.epoch)
        name = session_id(task.task_id, attempt)
        if not hands.hold(name):
            return Taken(None, codes=(HELD,), reason=f"another engine attends to {name}", other=name)
        claim = Claim(Caller(assigned.name, name))
        try:
            started = retake(desk, declared, claim) if before else start(desk, declared.task_id, claim)
        except RefusedError as refused:
            codes = tuple(dict.fromkeys(each.code for each in refused.findings if each.blocking))
            hands.let_go(name)
            return Taken(None, codes=codes, reason=refused.message, fix=refused.fix)
        said = failures(desk, declared)
    return Taken(_session(hands, task, assigned, origin, started.epoch, attempt), said)


def _session(
    hands: Hands, task: Task, assigned: Assigned, origin: Origin, epoch: int, attempt: int
) -> Session:
    moment = hands.now()
    return Session(
        session_id(task.task_id, attempt),
        task.task_id,
        epoch,
        attempt,
        assigned.runner,
        moment,
        moment,
        agent=assigned.agent,
        parent=origin.parent,
        run=origin.run,
        host=hands.host,
    )


def session_of(desk: Desk, task: Task) -> str:
    """The session for which a task was taken up last; empty: it was for none of an engine's."""
    taken = [each for each in desk.ledger.history(task.task_id) if each.event in _TAKEN_UP]
    session = taken[-1].evidence.session if taken else ""
    name, _, attempt = session.rpartition(":")
    return session if name == task.task_id and attempt.isascii() and attempt.isdigit() else ""


def failures(desk: Desk, task: Task) -> list[str]:
    """What did not pass since a task last began anew: attempts, and work that was handed back."""
    return [
        each.evidence.text or each.evidence.reason
        for each in since_anew(desk, task)
        if each.event is Kind.ATTEMPT or (each.event is Kind.REOPEN and each.evidence.codes)
    ]


def since_anew(desk: Desk, task: Task) -> list[Event]:
    """What happened to a task since it last began anew; that it was reopened is no such thing."""
    events = counting(desk.ledger.history(task.task_id))
    last = max((at for at, each in enumerate(events) if each.event in _ANEW), default=-1)
    return events[last + 1 :]


def is_of_merge(codes: Sequence[str]) -> bool:
    """Whether a task was handed back because its work could not be merged."""
    return any(each.startswith("MERGE-") for each in codes)


def record(hands: Hands, session: Session, kind: Kind, details: Details) -> None:
    """Let something happen to the task of a session in the name of who works at it; one write, one lock."""
    with hands.recorder().desk() as desk:
        state = desk.backlog.state_of(desk.task(session.task))
        epoch = state.epoch if state.status is Status.IN_PROGRESS else None
        caller = Caller("", session.id, epoch, "vtm")
        details = replace(details, session=session.id)
        desk.record(Request(session.task, kind, caller, lambda *_: details))


def is_current(hands: Hands, session: Session) -> bool:
    """Whether its task is in progress for this very session."""
    with hands.recorder().desk() as desk:
        task = desk.task(session.task)
        running = desk.backlog.status(task.task_id) is Status.IN_PROGRESS
        return running and session_of(desk, task) == session.id


def give_back(hands: Hands, session: Session, why: str) -> bool:
    """Let a task be pending again; False where it is not in progress for this session."""
    if not is_current(hands, session):
        return False
    record(hands, session, Kind.RELEASE, Details(reason=why))
    return True


def block(hands: Hands, session: Session, details: Details) -> bool:
    """Block the task of a session; False where it is not in progress for it."""
    if not is_current(hands, session):
        return False
    record(hands, session, Kind.BLOCK, details)
    return True


def why_blocked(hands: Hands, name: str) -> TaskReason:
    """Why a task is blocked, with the codes that led to it."""
    with hands.recorder().desk() as desk:
        task = desk.task(name)
        blocks = [each for each in desk.ledger.history(name) if each.event is Kind.BLOCK]
        codes = blocks[-1].evidence.codes if blocks else ()
        return TaskReason(name, desk.backlog.state_of(task).obstacle, codes)
