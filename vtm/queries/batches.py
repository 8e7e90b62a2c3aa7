"""Batches and how the tasks in them stand."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from vtm.model.backlog import Backlog
from vtm.model.batch import LockedBatch, Mark, Place, mark_of
from vtm.model.status import Status
from vtm.model.task import Timestamp
from vtm.queries.next_task import Skipped

_STOPPED = {Status.BLOCKED, Status.ABANDONED}


class Turn(StrEnum):
    """What a call has made of a batch: nothing; or it is `locked`, was there `already`, or is `finished`."""

    NONE = "none"
    LOCKED = "locked"
    ALREADY = "already"
    FINISHED = "finished"


class BatchTask(Struct, frozen=True):
    """A task of a batch.

    Attributes:
        mark: O, i, I or Q; a word where none of them is true.
        status: Of the task itself; empty: nobody declares it any more.
        agent: Who has it in progress; empty: nobody is known to.
        reason: Why it is blocked or abandoned, as far as that is recorded.
    """

    task_id: str
    title: str
    mark: Mark
    status: str
    agent: str
    reason: str


class BatchView(Struct, frozen=True, kw_only=True, tag_field="schema", tag="vtm.batch.status/1"):
    """A batch.

    Attributes:
        turn: What this call has made of it.
        size: How many tasks it was to hold at most.
        wave: How many of them are launched together at most.
        finished_at: null: it is not finished.
        counts: How many of its tasks stand how, whatever is shown of them.
        tasks: In the order of launching; perhaps only those that were asked for.
        skipped: Tasks that come before those that were locked and cannot be started, with the codes.
        taken_out: Tasks that were in it until it was finished, and that are free for another batch.
    """

    id: str
    turn: Turn
    size: int
    wave: int
    locked_at: Timestamp
    finished_at: Timestamp | None
    counts: dict[Mark, int]
    tasks: Sequence[BatchTask]
    total: int
    returned: int
    truncated: bool
    skipped: Sequence[Skipped] = ()
    taken_out: Sequence[str] = ()


class BatchLine(Struct, frozen=True):
    """A batch in one line: `tasks` is how many it has, `counts` how they stand."""

    id: str
    wave: int
    locked_at: Timestamp
    finished_at: Timestamp | None
    tasks: int
    counts: dict[Mark, int]


class BatchList(Struct, frozen=True, tag_field="schema", tag="vtm.batch.list/1"):
    """All batches, in the order in which they were locked."""

    batches: Sequence[BatchLine]
    total: int
    returned: int
    truncated: bool


def batch_task(backlog: Backlog, place: Place) -> BatchTask:
    """A task of a batch, as things stand."""
    status = backlog.status(place.task)
    mark = mark_of(status, released=not place.held)
    if status is None:
        return BatchTask(place.task, "", mark, "", "", "")
    task = backlog[place.task]
    state = backlog.state_of(task)
    agent = state.owner if status is Status.IN_PROGRESS else ""
    reason = state.obstacle if status in _STOPPED else ""
    return BatchTask(place.task, task.title, mark, status.value, agent, reason)


def batch_view(
    backlog: Backlog,
    batch: LockedBatch,
    places: Sequence[Place],
    turn: Turn = Turn.NONE,
    marks: Collection[Mark] = (),
    *,
    skipped: Sequence[Skipped] = (),
    taken_out: Sequence[str] = (),
) -> BatchView:
    """A batch with the tasks in `places`; of its tasks only those that stand in `marks`, empty: all."""
    tasks = [batch_task(backlog, each) for each in places]
    shown = [each for each in tasks if not marks or each.mark in marks]
    return BatchView(
        id=batch.id,
        turn=turn,
        size=batch.size,
        wave=batch.wave,
        locked_at=batch.locked_at,
        finished_at=batch.finished_at,
        counts=_counts([each.mark for each in tasks]),
        tasks=shown,
        total=len(shown),
        returned=len(shown),
        truncated=False,
        skipped=skipped,
        taken_out=taken_out,
    )


def batch_list(
    backlog: Backlog, batches: Sequence[LockedBatch], places: Mapping[str, Sequence[Place]]
) -> BatchList:
    """Each of `batches` in one line; `places` are those of a batch, by its id."""
    lines = []
    for each in batches:
        marks = [mark_of(backlog.status(one.task), released=not one.held) for one in places.get(each.id, ())]
        lines.append(
            BatchLine(each.id, each.wave, each.locked_at, each.finished_at, len(marks), _counts(marks))
        )
    return BatchList(lines, len(lines), len(lines), False)


def _counts(marks: Sequence[Mark]) -> dict[Mark, int]:
    return {mark: marks.count(mark) for mark in Mark}
