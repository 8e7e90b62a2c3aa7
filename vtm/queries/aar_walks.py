"""What happened to each task, step by step, and when it was in progress."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from vtm.model.effects import applied
from vtm.model.event import Event
from vtm.model.folding import by_task, in_order
from vtm.model.state import UNTOUCHED
from vtm.model.status import Status
from vtm.queries.aar_numbers import Wip, WipStep


class Step(NamedTuple):
    """One event in its place.

    Attributes:
        at: When it happened, and never before the step before it.
        before: Status of the task before; `after` after.
        counts: Whether it is in the period.
    """

    event: Event
    at: datetime
    before: Status
    after: Status
    counts: bool


class Walk(NamedTuple):
    """All that happened to a task; `after` is its status then."""

    task: str
    steps: Sequence[Step]

    @property
    def after(self) -> Status:
        """Its status in the end."""
        return self.steps[-1].after


class Span(NamedTuple):
    """A time in which a task was in progress.

    Attributes:
        end: None: it still is.
        signs: When anything happened to it meanwhile, beginning and end included.
    """

    task: str
    begin: datetime
    end: datetime | None
    signs: Sequence[datetime]


def walks(events: Sequence[Event], seen: Collection[str]) -> list[Walk]:
    """What happened to each task; what is `seen`, by id, was before the period."""
    return [Walk(task, list(_steps(each, seen))) for task, each in by_task(events).items()]


def _steps(events: Sequence[Event], seen: Collection[str]) -> Iterator[Step]:
    state, at = UNTOUCHED, None
    for event in in_order(events):
        after = applied(state, event) or UNTOUCHED
        at = event.at if at is None else max(at, event.at)
        yield Step(event, at, state.status, after.status, event.id not in seen)
        state = after


def spans(walk: Walk) -> Iterator[Span]:
    """When a task was in progress."""
    signs: list[datetime] = []
    for step in walk.steps:
        if step.before is Status.IN_PROGRESS or step.after is Status.IN_PROGRESS:
            signs.append(step.at)
        if step.before is Status.IN_PROGRESS and step.after is not Status.IN_PROGRESS:
            yield Span(walk.task, signs[0], step.at, signs)
            signs = []
    if signs:
        yield Span(walk.task, signs[0], None, signs)


def wip(found: Sequence[Span], start: datetime, end: datetime, limit: int) -> Wip:
    """Work in progress from `start` to `end`, which is not before it."""
    changes: dict[datetime, int] = {start: 0}
    for span in found:
        begin, over = max(span.begin, start), min(span.end or end, end)
        if begin < over:
            changes[begin] = changes.get(begin, 0) + 1
        if begin < over and span.end is not None and span.end <= end:
            changes[over] = changes.get(over, 0) - 1
    steps: list[WipStep] = []
    count = 0
    for at in sorted(changes):
        count += changes[at]
        if not steps or steps[-1].count != count:
            steps.append(WipStep(at, count))
    ends = [*(step.at for step in steps[1:]), end]
    area = sum(
        step.count * (until - step.at).total_seconds() for step, until in zip(steps, ends, strict=True)
    )
    length = (end - start).total_seconds()
    most = max(step.count for step in steps)
    return Wip(limit, most, round(area / length, 2) if length else 0.0, steps)
