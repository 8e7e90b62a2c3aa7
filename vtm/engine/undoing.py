"""Takes back what happened last."""

from vtm.engine.desk import Desk
from vtm.engine.request import refuse
from vtm.errors import ConflictError
from vtm.model.event import Details, Kind
from vtm.model.facts import Caller, Occasion
from vtm.model.folding import fold
from vtm.model.standing import decided
from vtm.model.state import UNTOUCHED
from vtm.model.status import Status
from vtm.model.transitions import advance
from vtm.queries.changed import Changed, changed

_LASTING = {Kind.IMPORT, Kind.DROP}


def undo(desk: Desk, name: str | None, caller: Caller, *, dry_run: bool) -> Changed:
    """Take back the last event of a task (None: of all), by a new one that carries the entry before it.

    To undo an undo does again what was undone. The epoch stays, and with it every old lease is over.

    Raises:
        ConflictError: There is nothing to undo.
        RefusedError: Somebody else holds the task.
    """
    latest = desk.ledger.latest()
    if name is None and latest is None:
        raise _nothing("nothing has happened yet")
    task = desk.task(name or (latest.task if latest else ""))
    events = desk.ledger.history(task.task_id)
    if not events or events[-1].event in _LASTING:
        raise _nothing(f"nothing happened to {task.task_id} that could be undone")
    last, before = events[-1], desk.backlog.state_of(task)
    leases = desk.leases()
    occasion = Occasion(Kind.UNDO, caller, desk.live(leases))
    refuse(desk.around.guards(desk.backlog, task, occasion), f"cannot undo {last.event} of {task.task_id}")
    entry = fold(events[:-1]).state or UNTOUCHED
    details = Details(entry=decided(entry), undoes=last.id)
    event = desk.event(task, Kind.UNDO, entry.status, caller, details, before.epoch)
    after = advance(task, before, event)
    if not dry_run:
        ends = task.task_id in leases and after.status is not Status.IN_PROGRESS
        desk.write(task, event, after, end=ends)
    return changed(task, event, before, after, dry_run=dry_run)


def _nothing(what: str) -> ConflictError:
    return ConflictError(what, code="NOTHING-TO-UNDO", fix="`vtm log` shows what has happened")
