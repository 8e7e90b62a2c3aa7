"""Takes back what happened last."""

from vtm.engine.desk import Desk
from vtm.engine.leases import next_epoch
from vtm.engine.request import refuse
from vtm.errors import ConflictError
from vtm.model.event import Details, Kind
from vtm.model.facts import Caller, Occasion
from vtm.model.folding import fold
from vtm.model.state import UNTOUCHED, decided
from vtm.model.status import Status
from vtm.model.transitions import advance
from vtm.ports.recording import Step
from vtm.queries.changed import Changed, changed

_LASTING = {Kind.IMPORT, Kind.DROP, Kind.MERGE}
"""What an undo cannot take back; main keeps what came to it."""


def undo(desk: Desk, name: str | None, caller: Caller, *, dry_run: bool) -> Changed:
    """Take back the last event of a task (None: of all), by a new one that carries the entry before it.

    To undo an undo does again what was undone. The epoch stays or grows; no old lease comes back.

    Raises:
        ConflictError: There is nothing to undo.
        RefusedError: Somebody else holds the task.
    """
    task = desk.task(_touched_last(desk) if name is None else name)
    events = desk.ledger.history(task.task_id)
    if not events or events[-1].event in _LASTING:
        raise _nothing(f"nothing happened to {task.task_id} that could be undone")
    last, before = events[-1], desk.backlog.state_of(task)
    leases = desk.leases()
    occasion = Occasion(Kind.UNDO, caller, desk.live(leases))
    refuse(desk.around.guards(desk.backlog, task, occasion), f"cannot undo {last.event} of {task.task_id}")
    entry = fold(events[:-1]).state or UNTOUCHED
    details = Details(entry=decided(entry), undoes=last.id)
    epoch = before.epoch
    if last.event is Kind.TAKEOVER:  # who is the owner again holds no lease, and who was it no longer does
        epoch = next_epoch(desk.runtime, desk.ledger, desk.backlog, task)
    event = desk.event(task, Kind.UNDO, entry.status, caller, details, epoch)
    after = advance(task, before, event)
    if not dry_run:
        over = after.status is not Status.IN_PROGRESS or epoch != before.epoch
        desk.write(task, event, after, end=over and task.task_id in leases)
        desk.notices += [
            f"{each} stays in the backlog, and {task.task_id} waits for it: complete, waive or roll it back"
            for each in task.depends_on_tasks
            if last.event is Kind.BLOCK and each.startswith(f"resolve-{task.task_id}")
        ]
    else:
        desk.ledger.rehearse([Step(event, after)])
    return changed(task, event, before, after, dry_run=dry_run)


def _touched_last(desk: Desk) -> str:
    """The declared task to which something happened last, whatever the order of lines."""
    events = [event for event in desk.ledger.events() if event.task in desk.backlog]
    if not events:
        raise _nothing("nothing has happened yet")
    return max(events, key=lambda event: (event.at, event.id)).task


def _nothing(what: str) -> ConflictError:
    return ConflictError(what, code="NOTHING-TO-UNDO", fix="`vtm log` shows what has happened")
