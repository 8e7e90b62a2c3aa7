"""Steps of one task of a batch: what the engine does to any task, where the batch lets it."""

from vtm.app.app import App
from vtm.app.batches import batches_of, checked
from vtm.engine.claiming import Claim, start
from vtm.engine.recorder import Recorder
from vtm.engine.request import Request
from vtm.model.backlog import Backlog
from vtm.model.batch import Mark, OutOfOrderError, Step, mark_of
from vtm.model.event import Details, Kind
from vtm.model.facts import Caller
from vtm.model.task import Task
from vtm.queries.changed import Changed
from vtm.queries.started import Started

_REOPENED = {Mark.DONE, Mark.ABANDONED}


def start_in_batch(app: App, engine: Recorder, name: str, claim: Claim) -> Started:
    """Take up a task of a batch that is open, or whose lease ran out.

    Raises:
        WrongUsageError: There is no such task.
        OutOfOrderError: It is in no batch, or neither open nor under a lease.
        RefusedError: Gates refuse, or somebody else holds it.
    """
    with engine.desk() as desk:
        try:
            checked(app, desk.backlog, name, Step.START)
        except OutOfOrderError:
            place = batches_of(app).of_task(name)
            working = place is not None and mark_of(desk.backlog.status(name), released=not place.held)
            if working is not Mark.WORK or name not in desk.leases():
                raise
        return start(desk, name, claim)


def reset_in_batch(
    app: App, engine: Recorder, name: str, caller: Caller, reason: str, *, dry_run: bool
) -> Changed:
    """Make a task of a batch pending.

    Raises:
        WrongUsageError: There is no such task.
        OutOfOrderError: It is in no batch, open, or released.
        RefusedError: Somebody else holds it.
    """
    mark = checked(app, app.backlog, name, Step.RESET)

    def details(backlog: Backlog, task: Task) -> Details:
        checked(app, backlog, task.task_id, Step.RESET)  # under the lock
        return Details(reason=reason)

    kind = Kind.REOPEN if mark in _REOPENED else Kind.RESET
    return engine.record(Request(name, kind, caller, details, dry_run=dry_run))
