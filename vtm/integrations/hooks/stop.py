"""Points out a task that an agent is about to leave behind."""

from hashlib import sha256
from pathlib import Path

from vtm.app.app import App
from vtm.discovery import runtime_folder
from vtm.integrations.hooks.event import Event
from vtm.integrations.hooks.holding import Holding
from vtm.integrations.hooks.reply import Reply, held_back
from vtm.model.task import Task
from vtm.rendering.plain import one_line

_SAID = "reminders"
_LARGEST = 65536
"""Bytes of reminders that are remembered; then they are forgotten, and at worst repeated once."""


def answer(app: App, event: Event) -> Reply | None:
    """A reminder of each task that the session claimed and that is neither complete nor blocked, once."""
    if event.stop_hook_active:
        return None
    holding = Holding(app, event)
    left = holding.running(holding.named)
    said = _Said(runtime_folder(app.project) / _SAID)
    new = [task for task in left if said.first(f"{event.session_id} {task.task_id} {holding.epoch(task)}")]
    if not new:
        return None
    return held_back("\n".join([_line(app, task) for task in new] + [_CHOICES]))


_CHOICES = (
    "If the work goes on, that is all. If it is done, record it: `vtm ac`, then `vtm complete`. If you "
    "cannot go on: `vtm block TASK` with --reason, --tried and --suggest, or `vtm release TASK` to let "
    "somebody else have it."
)


def _line(app: App, task: Task) -> str:
    left = app.backlog.state_of(task).left(task)
    return one_line(f"{task.task_id} is claimed and still in progress; criteria left: {len(left) or 'none'}.")


class _Said:
    """What was said before, one hash on a line."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def first(self, what: str) -> bool:
        """Whether this is the first time; from now on it is not."""
        line = sha256(what.encode("utf-8", "surrogatepass")).hexdigest()
        known = self._file.read_text("ascii") if self._file.exists() else ""
        if line in known:
            return False
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("w" if len(known) > _LARGEST else "a", encoding="ascii") as file:
            file.write(f"{line}\n")
        return True
