"""Batches of a project: locked, looked at, finished."""

from collections.abc import Collection

from vtm.app.app import App
from vtm.discovery import runtime_folder
from vtm.errors import WrongUsageError
from vtm.model.backlog import Backlog
from vtm.model.batch import LockedBatch, Mark, Place, Step, mark_of, refuse_out_of_order
from vtm.model.naming import nearest, task_named
from vtm.model.status import Status
from vtm.queries.batch_resume import BatchResume, batch_resume
from vtm.queries.batches import BatchList, BatchView, batch_list, batch_view
from vtm.stores.batches import SqliteBatches


def batches_of(app: App) -> SqliteBatches:
    """The batches of a project."""
    return SqliteBatches(runtime_folder(app.project))


def batch_named(app: App, name: str) -> LockedBatch:
    """The batch with this id.

    Raises:
        WrongUsageError: There is none.
    """
    known = {each.id: each for each in batches_of(app).all()}
    if name in known:
        return known[name]
    near = nearest(name, list(known))
    hint = f"did you mean {' or '.join(near)}?" if near else "`vtm batch list` shows all of them"
    raise WrongUsageError(f"there is no batch {name}", code="UNKNOWN-BATCH", fix=hint)


def all_batches(app: App) -> BatchList:
    """All batches, one line each."""
    store = batches_of(app)
    places: dict[str, list[Place]] = {}
    for each in store.places():
        places.setdefault(each.batch, []).append(each)
    return batch_list(app.backlog, store.all(), places)


def seen(app: App, name: str, marks: Collection[Mark] = ()) -> BatchView:
    """A batch with its tasks; only those that stand in `marks`, empty: all.

    Raises:
        WrongUsageError: There is no such batch.
    """
    batch = batch_named(app, name)
    return batch_view(app.backlog, batch, batches_of(app).places(name), marks=marks)


def resumed(app: App, name: str) -> BatchResume:
    """What is left to launch of a batch.

    Raises:
        WrongUsageError: There is no such batch.
    """
    from vtm.app.losing_workers import workers  # noqa: PLC0415  sessions and the journal: 3 ms

    batch = batch_named(app, name)
    backlog = app.backlog
    running = [task for task in backlog.tasks if backlog.status(task.task_id) is Status.IN_PROGRESS]
    known = workers(app, backlog, running)
    return batch_resume(backlog, batch, batches_of(app).places(name), known, app.settings)


def checked(app: App, backlog: Backlog, name: str, step: Step) -> Mark:
    """How a task stands, once it is known that `step` is legal for it.

    Raises:
        WrongUsageError: There is no such task.
        OutOfOrderError: It is not legal.
    """
    task_id = task_named(backlog, name).task_id
    place = batches_of(app).of_task(task_id)
    mark = mark_of(backlog.status(task_id), released=not place.held) if place else None
    return refuse_out_of_order(task_id, place.batch if place else "", mark, step)
