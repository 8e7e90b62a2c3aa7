"""What plans and waves have in common: when tasks start, and how long all of it takes."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from vtm.graph.compatibility import declared_conflicts, runs_alone
from vtm.graph.jobs import Job, Round
from vtm.graph.readiness import RULE, Readiness
from vtm.graph.schedule import schedule
from vtm.model.backlog import Backlog
from vtm.model.finding import Finding
from vtm.model.status import RISK_RANK, Risk, Size
from vtm.model.task import Task
from vtm.queries.estimates import SizeEstimate, size_of
from vtm.queries.filters import Filters
from vtm.queries.parallel_metadata import metadata_missing
from vtm.queries.plannable import Plannable, plannable


class Mode(StrEnum):
    """One task after another, or side by side what may be."""

    SEQUENTIAL = "sequential"
    PARALLEL = "parallel"


class PlannedTask(Struct, frozen=True):
    """A task and the minutes it is thought to take."""

    task_id: str
    title: str
    risk: Risk
    size: Size
    minutes: int


class Question(NamedTuple):
    """What to plan.

    Attributes:
        places: How many tasks may be in progress at the same time.
        in_waves: Whether a group is launched as a whole when the one before is over.
    """

    filters: Filters
    mode: Mode
    places: int
    in_waves: bool = False


class Outline(NamedTuple):
    """What starts when.

    Attributes:
        mode: What could be had.
        rounds: What starts at the same moment, in order of time.
        cards: Every task that is planned or runs, as answers show it.
        minutes: Until the last of the planned tasks is over.
        serial: All of them and what runs, one after another; 0 where nothing is planned.
        saving: How much less `minutes` is, in percent of `serial`.
        missing: Why it is not the mode that was asked for.
    """

    mode: Mode
    rounds: Sequence[Round]
    cards: Mapping[str, PlannedTask]
    sorted_out: Plannable
    minutes: int
    serial: int
    saving: float
    missing: Sequence[Finding]

    def running(self) -> list[PlannedTask]:
        """What is in progress."""
        return [self.cards[task.task_id] for task in self.sorted_out.running]


def outline(
    backlog: Backlog, readiness: Readiness, question: Question, estimates: Sequence[SizeEstimate]
) -> Outline:
    """When each task of a selection starts.

    One after another they come in the order in which `vtm next` hands them out: it takes no longer than any
    other. Side by side, what has most behind it goes first.

    Tasks in progress, whether they are selected or not, hold their places and files as if they had just
    begun: nothing tells how far they are.
    """
    found = plannable(backlog, readiness, question.filters)
    minutes = {each.size: each.minutes for each in estimates}
    cards = {task.task_id: _card(task, minutes) for task in (*found.running, *found.tasks)}
    mode, missing = _mode(backlog, question, found)
    rounds = schedule(
        [*_jobs(found, cards), Job(RULE, 0, after=found.holders, gate=True)],
        question.places if mode is Mode.PARALLEL else 1,
        declared_conflicts((*found.running, *found.tasks)),
        running=[_job(task, cards) for task in found.running],
        in_waves=question.in_waves,
        by_rank=mode is Mode.SEQUENTIAL,
    )
    ends = [each.at + cards[name].minutes for each in rounds for name in each.names]
    serial = sum(each.minutes for each in cards.values()) if ends else 0
    whole = max(ends, default=0)
    return Outline(mode, rounds, cards, found, whole, serial, _saving(whole, serial), missing)


def _mode(backlog: Backlog, question: Question, found: Plannable) -> tuple[Mode, list[Finding]]:
    if question.mode is Mode.SEQUENTIAL:
        return Mode.SEQUENTIAL, []
    missing = metadata_missing(backlog, found.selected)
    return (Mode.SEQUENTIAL, [missing]) if missing else (Mode.PARALLEL, [])


def _jobs(found: Plannable, cards: Mapping[str, PlannedTask]) -> list[Job]:
    return [_job(task, cards, found.needs[task.task_id]) for task in found.tasks]


def _job(task: Task, cards: Mapping[str, PlannedTask], needs: Sequence[str] = ()) -> Job:
    return Job(
        task.task_id,
        cards[task.task_id].minutes,
        RISK_RANK[task.risk],
        needs,
        runs_alone(task),
        task.file_scope,
    )


def _card(task: Task, minutes: Mapping[Size, int]) -> PlannedTask:
    size = size_of(task)
    return PlannedTask(task.task_id, task.title, task.risk, size, minutes[size])


def _saving(whole: int, serial: int) -> float:
    return round(100 * (serial - whole) / serial, 1) if serial else 0.0
