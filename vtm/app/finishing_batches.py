"""Finishes batches: all their tasks are released at once."""

from collections.abc import Collection, Mapping, Sequence

from vtm.app.app import App
from vtm.app.batches import batch_named, batches_of
from vtm.errors import WrongUsageError
from vtm.model.backlog import Backlog
from vtm.model.batch import LockedBatch, Mark, OutOfOrderError, mark_of
from vtm.model.naming import nearest
from vtm.queries.batches import BatchView, Turn, batch_view

_SHOWN = 10


def finished(app: App, backlog: Backlog, name: str, without: Sequence[str]) -> BatchView:
    """Release all tasks of a batch, which are in I; those that are named in `without` are taken out of it.

    Whoever calls it holds the lock, so that `backlog` stays true.

    Raises:
        WrongUsageError: There is no such batch, or a task of `without` is not in it.
        OutOfOrderError: It is finished, or a task of it is not in I.
    """
    store, batch = batches_of(app), batch_named(app, name)
    _refuse_finished(batch)
    stands = {each.task: mark_of(backlog.status(each.task), released=False) for each in store.places(name)}
    _refuse_strangers(name, stands, without)
    _refuse_at_work(name, [each for each in without if stands[each] is Mark.WORK])
    _refuse_open(name, {task: mark for task, mark in stands.items() if task not in without})
    store.finish(name, without, app.now)
    taken_out = [each for each in stands if each in without]
    places = store.places(name)
    return batch_view(backlog, batch_named(app, name), places, Turn.FINISHED, taken_out=taken_out)


def _refuse_finished(batch: LockedBatch) -> None:
    if batch.finished_at is not None:
        raise OutOfOrderError(
            f"cannot finish batch {batch.id}: it is finished",
            code="OUT-OF-ORDER",
            fix="legal: nothing; `vtm batch lock` locks another one",
        )


def _refuse_strangers(name: str, tasks: Collection[str], without: Sequence[str]) -> None:
    for each in without:
        if each not in tasks:
            near = nearest(each, list(tasks))
            hint = f"did you mean {' or '.join(near)}?" if near else "`vtm batch status` shows its tasks"
            raise WrongUsageError(f"{each} is not in batch {name}", code="UNKNOWN-TASK", fix=hint)


def _refuse_at_work(name: str, working: Sequence[str]) -> None:
    if working:
        raise OutOfOrderError(
            f"cannot take {', '.join(working)} out of batch {name}: it is i",
            code="OUT-OF-ORDER",
            fix="legal: `vtm batch complete`, `vtm batch reset`",
        )


def _refuse_open(name: str, stands: Mapping[str, Mark]) -> None:
    open_ = [f"{task} is {mark}" for task, mark in stands.items() if mark is not Mark.DONE]
    if open_:
        more = f" and {len(open_) - _SHOWN} more" if len(open_) > _SHOWN else ""
        raise OutOfOrderError(
            f"cannot finish batch {name}: {', '.join(open_[:_SHOWN])}{more}",
            code="OUT-OF-ORDER",
            fix="start what is O, complete or reset what is i, reset what is blocked or abandoned; or leave "
            "them out with --without",
        )
