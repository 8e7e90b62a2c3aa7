"""What kept tasks from going on: blocks, tasks given back, and times in which nothing was heard."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from vtm.model.event import Kind
from vtm.model.settings import Settings, seconds
from vtm.model.status import Status
from vtm.queries.aar_numbers import Beyond, Blocker, GivenBack, Outcome, Silence
from vtm.queries.aar_walks import Span, Step, Walk

_ENDS = {Kind.UNBLOCK: Outcome.UNBLOCKED, Kind.RESET: Outcome.RESET, Kind.ABANDON: Outcome.ABANDONED}
_LIFTED = {Outcome.UNBLOCKED, Outcome.RESET}


def blockers(found: Sequence[Walk], end: datetime) -> list[Blocker]:
    """The blocks that began or ended in the period, which lasts until `end`."""
    blocks = [each for walk in found for each in _blocks(walk, end)]
    return sorted(blocks, key=lambda each: (each.at, each.task_id))


def _blocks(walk: Walk, end: datetime) -> Iterator[Blocker]:
    begun: Step | None = None
    for step in walk.steps:
        if step.after is Status.BLOCKED and step.event.event is Kind.BLOCK:
            begun = step
        elif begun is not None and step.after is not Status.BLOCKED:
            if begun.counts or step.counts:
                yield _block(walk, begun, step, step.at)
            begun = None
    if begun is not None and begun.counts:
        yield _block(walk, begun, None, max(end, begun.at))


def _block(walk: Walk, begun: Step, ended: Step | None, until: datetime) -> Blocker:
    details = begun.event.evidence
    outcome = _ENDS.get(ended.event.event, Outcome.UNDONE) if ended else Outcome.OPEN
    if outcome in _LIFTED and walk.after is Status.COMPLETED:
        outcome = Outcome.RESOLVED
    return Blocker(
        walk.task,
        begun.at,
        details.reason,
        details.tried,
        details.suggestion,
        details.codes,
        outcome,
        ended.at if ended else None,
        _minutes(until - begun.at),
    )


def given_back(found: Sequence[Walk]) -> list[GivenBack]:
    """The times that a task was given back unfinished in the period."""
    back = [
        GivenBack(walk.task, step.at, _minutes(step.at - begun), step.event.evidence.reason)
        for walk in found
        for begun, step in _ends(walk)
        if step.counts and step.event.event is Kind.RELEASE
    ]
    return sorted(back, key=lambda each: (each.at, each.task_id))


def _ends(walk: Walk) -> Iterator[tuple[datetime, Step]]:
    """The steps by which a task was no longer in progress, each with when it had begun to be."""
    begun: datetime | None = None
    for step in walk.steps:
        if step.after is Status.IN_PROGRESS:
            begun = begun or step.at
        elif begun is not None:
            yield begun, step
            begun = None


def silences(found: Sequence[Span], start: datetime, end: datetime, settings: Settings) -> list[Silence]:
    """Times in progress, between `start` and `end`, without any event for longer than a lease lasts."""
    lease, stale = (timedelta(seconds=seconds(each)) for each in (settings.lease_ttl, settings.stale_after))
    silent = []
    for span in found:
        until = [*span.signs, *([end] if span.end is None else [])]
        for at, (begin, over) in enumerate(pairwise(until)):
            since, till = max(begin, start), min(over, end)
            if till - since > min(lease, stale):
                beyond = Beyond.STALE if till - since > stale else Beyond.LEASE
                lasts = span.end is None and at == len(until) - 2
                silent.append(Silence(span.task, since, till, _minutes(till - since), beyond, lasts))
    return sorted(silent, key=lambda each: (each.since, each.task_id))


def _minutes(length: timedelta) -> float:
    return round(length.total_seconds() / 60, 1)
