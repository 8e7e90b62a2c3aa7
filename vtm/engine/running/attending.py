"""Attends to a session: lets its agent work to the end, and takes over what came of it."""

import asyncio
from threading import Thread
from time import monotonic

from vtm.engine.running.hands import Hands
from vtm.engine.running.settling import how_it_ended, settle
from vtm.engine.running.telling import Teller
from vtm.errors import VtmError
from vtm.model.session import Session, SessionStatus
from vtm.ports.workflows import Attendant
from vtm.queries.run_event import RunStep

_PAUSE, _SHOWN = 0.2, 400
UNSETTLED = "unsettled"
"""What came of a session could not be taken over: a failure that is recorded would stay for good."""


class Attending(Attendant):
    """What is done for a session, whichever thread it is done in."""

    def __init__(self, hands: Hands, teller: Teller, *, listening: bool = False) -> None:
        """Attend with `hands`; `listening`: tell what agents say as well."""
        self._hands = hands
        self._tell = teller
        self._listening = listening

    async def work(self, session: str) -> None:
        """Start the agent, or find the one that lives, and wait for its end; cancelled, end it."""
        found = await asyncio.to_thread(self._started, session)
        if found is None:
            return
        if self._listening:
            Thread(target=self._listen, args=(found,), daemon=True).start()
        try:
            ended = await self._hands.ended(session)
        except asyncio.CancelledError:
            await asyncio.shield(asyncio.to_thread(self._hands.end, session))
            raise
        self._tell.of(found, RunStep.AGENT_ENDED, how_it_ended(ended))

    def settle(self, session: str) -> str:
        """Take over what came of it; where that fails, the workflow is over and leaves it to who waits."""
        try:
            return settle(self._hands, session).value
        except VtmError:
            return UNSETTLED

    def _listen(self, session: Session) -> None:
        """Tell what an agent says until its end, and of many lines at once only some."""
        told = 0.0
        for line in self._hands.lines(session):
            if line.strip() and monotonic() - told > _PAUSE:
                told = monotonic()
                self._tell.of(session, RunStep.SAID, line[:_SHOWN])

    def _started(self, name: str) -> Session | None:
        """The session, if its agent runs now; None: that is over, or never began."""
        hands, sessions = self._hands, self._hands.sessions()
        session = sessions.named(name)
        if session is None or session.settled or session.status is not SessionStatus.ACTIVE:
            return None
        if hands.is_alive(name):
            self._tell.of(session, RunStep.ADOPTED, f"its agent still runs, kept by process {session.pid}")
            return session
        if session.pid or hands.ending(name) is not None:
            return None
        try:
            pid = hands.launch(session)
        except VtmError as error:
            reason = f"{error.message}; {error.fix}"
            sessions.ended(name, SessionStatus.FAILED, hands.now(), exit_code=None, reason=reason)
            return None
        sessions.started(name, pid, hands.now())
        now = sessions.named(name)
        if now is not None and now.status is not SessionStatus.ACTIVE:  # it was aborted meanwhile
            hands.end(name)
            return None
        self._tell.of(session, RunStep.LAUNCHED, f"{session.runner}, kept by process {pid}")
        return session
