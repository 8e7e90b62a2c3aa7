"""Locks batches: tasks that can be started and are in no other batch."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from vtm.app.app import App
from vtm.app.batches import batches_of
from vtm.app.planning import wave_size
from vtm.engine.desk import Desk
from vtm.engine.recorder import Recorder
from vtm.errors import VtmError, WrongUsageError
from vtm.graph.readiness import Readiness
from vtm.model.batch import LONGEST_ID, LockedBatch, OutOfOrderError
from vtm.model.event import Kind
from vtm.model.facts import Occasion
from vtm.model.plain import one_line
from vtm.model.task import Task
from vtm.queries.batches import BatchView, Turn, batch_view
from vtm.queries.filters import Filters
from vtm.queries.known_places import refuse_unknown_places
from vtm.queries.next_task import Skipped
from vtm.rules.wording import counted

_NOW_ONLY = "BLOCKED::WIP-LIMIT"
"""Says how much is in progress now; a batch is given out wave by wave."""
_SHOWN = 3


class Wanted(NamedTuple):
    """A batch as it is asked for.

    Attributes:
        name: Its id; empty: the next one.
        size: How many tasks it is to hold at most; None: as many as a wave.
        wave: How many are launched together at most; None: as set.
    """

    name: str
    size: int | None
    wave: int | None
    filters: Filters = Filters()


def lock(app: App, engine: Recorder, wanted: Wanted) -> BatchView:
    """Put the first tasks that can be started, and are in no unfinished batch, into a new batch.

    One that is there, as it is asked for, and not finished is the answer again: a call is repeated when its
    answer was lost.

    Raises:
        WrongUsageError: The id is none, or more is asked for than the settings allow.
        OutOfOrderError: The batch is finished, or was locked otherwise.
        VtmError: There is nothing to lock.
    """
    _refuse_bad_id(wanted.name)
    wave = wave_size(app, "--wave", wanted.wave, None)
    with engine.desk() as desk:
        store = batches_of(app)
        known = {each.id: each for each in store.all()}
        if wanted.name in known:
            batch = _again(known[wanted.name], wanted)
            return batch_view(desk.backlog, batch, store.places(batch.id), Turn.ALREADY)
        size = wave if wanted.size is None else wanted.size
        refuse_unknown_places(desk.backlog.tasks, wanted.filters)
        held = {each.task for each in store.places() if each.held}
        readiness = Readiness(desk.backlog)
        eligible = readiness.ordered(wanted.filters.keep(readiness.eligible))
        free = [task for task in eligible if task.task_id not in held]
        chosen, skipped = _choose(app, desk, free, size)
        if not chosen:
            raise _nothing(skipped, len(eligible) - len(free))
        batch = LockedBatch(wanted.name or _next_id(list(known)), size, wave, desk.now)
        store.add(batch, chosen)
        return batch_view(desk.backlog, batch, store.places(batch.id), Turn.LOCKED, skipped=skipped)


def _choose(app: App, desk: Desk, tasks: Sequence[Task], size: int) -> tuple[list[str], list[Skipped]]:
    """The first of `tasks` that can be started, and those before them that cannot."""
    occasion = Occasion(Kind.START, leases=desk.live(desk.leases()))
    findings_of = app.startable_findings(desk.backlog, occasion)
    chosen: list[str] = []
    skipped: list[Skipped] = []
    for task in tasks:
        if len(chosen) == size:
            break
        codes = [each.code for each in findings_of(task) if each.blocking and each.code != _NOW_ONLY]
        if codes:
            skipped.append(Skipped(task.task_id, list(dict.fromkeys(codes))))
        else:
            chosen.append(task.task_id)
    return chosen, skipped


def _again(batch: LockedBatch, wanted: Wanted) -> LockedBatch:
    if batch.finished_at is not None:
        raise OutOfOrderError(
            f"cannot lock batch {batch.id}: it is finished",
            code="OUT-OF-ORDER",
            fix="legal: `vtm batch lock` with another id, or with none",
        )
    if wanted.size not in {None, batch.size} or wanted.wave not in {None, batch.wave}:
        raise OutOfOrderError(
            f"cannot lock batch {batch.id}: it is locked with --size {batch.size} --wave {batch.wave}",
            code="OUT-OF-ORDER",
            fix="legal: finish it, or `vtm batch lock` with another id",
        )
    return batch


def _next_id(known: Sequence[str]) -> str:
    numbers = [int(each[1:]) for each in known if re.fullmatch(r"B[0-9]{1,9}", each)]
    return f"B{max(numbers, default=0) + 1}"


def _refuse_bad_id(name: str) -> None:
    if one_line(name) != name or name != name.strip() or len(name) > LONGEST_ID:
        raise WrongUsageError(
            f"{name!r} cannot be the id of a batch",
            code="USAGE",
            fix=f"one line of at most {LONGEST_ID} characters, or no id at all",
        )


def _nothing(skipped: Sequence[Skipped], held: int) -> VtmError:
    named = [f"{each.task_id} ({', '.join(each.codes)})" for each in skipped[:_SHOWN]]
    more = f" and {len(skipped) - _SHOWN} more" if len(skipped) > _SHOWN else ""
    elsewhere = f"{counted(held, 'task')} in batches that are not finished" if held else ""
    why = "; ".join(filter(None, (", ".join(named) + more, elsewhere))) or "nothing is eligible"
    return VtmError(
        f"no task can be locked: {why}",
        code="NOTHING-TO-LOCK",
        fix=f"`{'vtm preflight' if skipped else 'vtm batch list' if held else 'vtm blocked'}` says more",
    )
