"""Tells what happens in a run."""

from collections.abc import Callable

from vtm.engine.running.hands import Hands
from vtm.model.session import Session
from vtm.queries.run_event import RunEvent, RunStep

Tell = Callable[[RunEvent], None]
"""Takes what happens; it may be called from any thread."""


class Teller:
    """Makes events of what happens and hands them on."""

    def __init__(self, hands: Hands, tell: Tell) -> None:
        self._hands = hands
        self._tell = tell

    def __call__(self, step: RunStep, text: str = "", *, task: str = "") -> None:
        """Something happened to a task, or to the run as a whole."""
        self._tell(RunEvent(self._hands.now(), step, task, "", " ".join(text.split())))

    def of(self, session: Session, step: RunStep, text: str = "") -> None:
        """Something happened to a session."""
        self._tell(RunEvent(self._hands.now(), step, session.task, session.id, " ".join(text.split())))
