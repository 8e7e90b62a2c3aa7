"""What went well in a period and what did not, from the journal alone."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import asdict, replace

from vtm.model.backlog import Backlog
from vtm.model.event import Event, Kind
from vtm.model.settings import Settings
from vtm.model.status import Status
from vtm.queries.aar_counting import ESCAPE, conflicts, done, passed, retried, size_outcomes
from vtm.queries.aar_facts import sections
from vtm.queries.aar_numbers import Outcome
from vtm.queries.aar_sheet import Section
from vtm.queries.aar_stops import blockers, given_back, silences
from vtm.queries.aar_totals import Numbers, Totals
from vtm.queries.aar_walks import Walk, spans, walks, wip

_LASTING = {Status.IN_PROGRESS, Status.BLOCKED}


class Period(NamedTuple):
    """What is looked back on.

    Attributes:
        since: As it was asked for; empty: from the beginning.
        start: When it begins; None: with the first event.
        seen: Ids of the events that were before it.
        now: Until when it lasts for what has not ended.
        unreadable: Numbers of lines of the journal that are no events.
    """

    since: str
    start: datetime | None
    seen: Collection[str]
    now: datetime
    unreadable: Sequence[int] = ()


class AfterAction(Numbers, frozen=True, kw_only=True, tag_field="schema", tag="vtm.aar/1"):
    """A look back on a period: numbers, and four sections of sentences that name those they are from."""

    sections: Sequence[Section]


def after_action(
    backlog: Backlog, events: Sequence[Event], period: Period, settings: Settings
) -> AfterAction:
    """Look back on those of `events` that are in `period`; without any there is nothing to say."""
    found = walks(events, period.seen)
    counted = [step for walk in found for step in walk.steps if step.counts]
    if not counted:
        found = []
    start = period.start or min((step.at for step in counted), default=period.now)
    lasts = any(walk.after in _LASTING for walk in found)
    end = max([start, *(step.at for step in counted), *([period.now] if lasts else [])])
    running = [span for walk in found for span in spans(walk)]
    completed = done(backlog, events, found, settings)
    numbers = Numbers(
        since=period.since,
        start=start if counted else None,
        end=end if counted else None,
        totals=Totals(),
        done=completed,
        sizes=size_outcomes(completed),
        retried=retried(found),
        blockers=blockers(found, end),
        given_back=given_back(found),
        conflicts=conflicts(found),
        escapes=passed(found, ESCAPE),
        overrides=passed(found),
        silences=silences(running, start, end, settings),
        wip=wip(running, start, end, settings.wip_limit),
        unreadable=period.unreadable,
    )
    numbers = replace(numbers, totals=_totals(numbers, found))
    return AfterAction(**asdict(numbers), sections=sections(numbers))


def _totals(of: Numbers, found: Sequence[Walk]) -> Totals:
    kinds = [step.event.event for walk in found for step in walk.steps if step.counts]
    measured = [each for each in of.done if each.in_estimate is not None]
    stumbled = {each.task_id for each in of.retried} | {each.task_id for each in of.blockers}
    return Totals(
        events=len(kinds),
        completed=len(of.done),
        measured=len(measured),
        in_estimate=sum(each.in_estimate is True for each in measured),
        over_estimate=sum(each.in_estimate is False for each in measured),
        minutes=round(sum(each.minutes or 0 for each in measured), 1),
        estimate=sum(each.estimate or 0 for each in measured),
        at_once=sum(each.task_id not in stumbled for each in of.done),
        merged=kinds.count(Kind.MERGE),
        abandoned=kinds.count(Kind.ABANDON),
        attempts=sum(each.attempts for each in of.retried),
        restarts=sum(each.restarts for each in of.retried),
        takeovers=sum(each.takeovers for each in of.retried),
        reopened=sum(each.reopened for each in of.retried),
        blockers=len(of.blockers),
        resolved=sum(each.end is Outcome.RESOLVED for each in of.blockers),
        open=sum(each.end is Outcome.OPEN for each in of.blockers),
        given_back=len(of.given_back),
        conflicts=len(of.conflicts),
        escapes=len(of.escapes),
        overrides=len(of.overrides),
        silent_minutes=round(sum(each.minutes for each in of.silences), 1),
    )
