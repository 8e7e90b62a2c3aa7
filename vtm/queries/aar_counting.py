"""Counts what happened to tasks in a period."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from statistics import median

from vtm.model.backlog import Backlog
from vtm.model.durations import STARTS, Moment, durations
from vtm.model.event import Event, Kind
from vtm.model.settings import Settings
from vtm.model.status import Status
from vtm.queries.aar_numbers import Conflict, Done, Passed, Retried, SizeOutcome
from vtm.queries.aar_walks import Step, Walk
from vtm.queries.estimates import size_of

ESCAPE = "SCOPE-ESCAPE"
"""The name of the code of changes outside the files that a task may change."""
_HANDED_BACK = ("MERGE-CONFLICT", "MERGE-TESTS-RED")


def done(backlog: Backlog, events: Sequence[Event], found: Sequence[Walk], settings: Settings) -> list[Done]:
    """The tasks that were completed in the period and still are, in the order of that."""
    moments = [Moment(each.id, each.at, each.task, each.event, each.epoch) for each in events]
    taken = durations(moments)
    completed = []
    for walk in found:
        last = next((step for step in reversed(walk.steps) if step.event.event is Kind.COMPLETE), None)
        if last is not None and last.counts and walk.after is Status.COMPLETED:
            size = size_of(backlog[walk.task]).value if walk.task in backlog else ""
            estimate = int(getattr(settings.estimate, size)) if size else None
            minutes = round(taken[walk.task] / 60, 1) if walk.task in taken else None
            completed.append(Done(walk.task, size, last.at, minutes, estimate))
    return sorted(completed, key=lambda each: (each.completed_at, each.task_id))


def size_outcomes(completed: Sequence[Done]) -> list[SizeOutcome]:
    """What tasks took, by size."""
    by_size: dict[tuple[str, int], list[float]] = {}
    for each in completed:
        if each.minutes is not None and each.estimate is not None:
            by_size.setdefault((each.size, each.estimate), []).append(each.minutes)
    return [
        SizeOutcome(size, len(taken), round(median(taken), 1), estimate)
        for (size, estimate), taken in sorted(by_size.items(), key=lambda each: each[0][1])
    ]


def retried(found: Sequence[Walk]) -> list[Retried]:
    """The tasks that did not go through at once."""
    counted = [_retried(walk) for walk in found]
    return [each for each in counted if each.attempts or each.restarts or each.takeovers or each.reopened]


def _retried(walk: Walk) -> Retried:
    def count(kind: Kind) -> int:
        return sum(step.counts and step.event.event is kind for step in walk.steps)

    starts = [step for step in walk.steps if step.event.event in STARTS]
    again = [step for step in starts[1:] if step.counts and step.event.event is Kind.START]
    failures = tuple(
        step.event.evidence.text for step in walk.steps if step.counts and step.event.event is Kind.ATTEMPT
    )
    return Retried(walk.task, len(failures), len(again), count(Kind.TAKEOVER), count(Kind.REOPEN), failures)


def conflicts(found: Sequence[Walk]) -> list[Conflict]:
    """The times that finished work was handed back instead of merged."""
    handed_back = []
    for walk in found:
        for at, step in enumerate(walk.steps):
            details = step.event.evidence
            for code in details.codes:
                if step.counts and step.event.event is Kind.REOPEN and _is(code, *_HANDED_BACK):
                    again = _completed_after(walk.steps[at:])
                    handed_back.append(Conflict(walk.task, step.at, code, details.reason, again))
    return sorted(handed_back, key=lambda each: (each.at, each.task_id))


def _completed_after(steps: Sequence[Step]) -> datetime | None:
    return next((step.at for step in steps if step.event.event is Kind.COMPLETE), None)


def passed(found: Sequence[Walk], name: str = "") -> list[Passed]:
    """The changes that came with a code called `name`; empty: those that passed over any gate."""
    changes = [(walk.task, step) for walk in found for step in walk.steps if step.counts]
    chosen = [
        Passed(task, step.at, step.event.event, codes, _said(step.event))
        for task, step in changes
        if (codes := tuple(_codes(step.event, name)))
    ]
    return sorted(chosen, key=lambda each: (each.at, each.task_id))


def _codes(event: Event, name: str) -> Iterator[str]:
    details = event.evidence
    if not name:
        yield from details.allowed
        return
    codes: Collection[str] = dict.fromkeys((*details.codes, *details.allowed))
    yield from (code for code in codes if _is(code, name))


def _said(event: Event) -> str:
    return event.evidence.reason or event.evidence.text


def _is(code: str, *names: str) -> bool:
    """Whether a code has one of `names`: alone, behind its family, or before the id of a task."""
    return any(part in names for part in code.split("::")[:2])
