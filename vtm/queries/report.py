"""What a coordinator should know and do."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from vtm.graph.readiness import Readiness
from vtm.model.backlog import Backlog
from vtm.model.facts import Facts
from vtm.model.finding import Finding, Severity
from vtm.model.status import Risk, Status
from vtm.queries.by_rule import of_rules
from vtm.queries.pulse import Pulse, Running, how_far, pulse
from vtm.queries.self_check import SelfCheck, self_check


class Wip(Struct, frozen=True):
    """Work in progress.

    Attributes:
        limit: 0: none.
        stale: Ids of tasks in progress for too long.
    """

    running: Sequence[Running]
    limit: int
    exceeded: bool
    stale: Sequence[str]


class Hotspot(Struct, frozen=True):
    """A slice with how many High tasks it still holds, and how many of these are in progress or blocked."""

    slice: str
    high_remaining: int
    in_progress: int
    blocked: int


class Escalations(Struct, frozen=True):
    """What someone has to decide; findings by kind.

    Attributes:
        repeated_blockers: One blocked or abandoned task holds up three or more.
        test_obligations: Work that lacks the tests it owes.
        deferrable_promoted: Work that could wait is done before work that must be.
    """

    repeated_blockers: Sequence[Finding]
    test_obligations: Sequence[Finding]
    deferrable_promoted: Sequence[Finding]


class Report(Struct, frozen=True, tag_field="schema", tag="vtm.report/1"):
    """Advice, hotspots, escalations and the self-check.

    Attributes:
        advance: Ids to go on with: in progress first, then eligible ones, as many as the limit lets start.
        risk_hotspots: The five slices that hold most High tasks.
        errors: How many findings are errors; `vtm validate` lists them.
        more_hotspots: How many slices with High tasks there are beyond these.
    """

    at: datetime
    pulse: Pulse
    advance: Sequence[str]
    wip: Wip
    risk_hotspots: Sequence[Hotspot]
    escalations: Escalations
    self_check: Sequence[SelfCheck]
    errors: int
    warnings: int
    more_hotspots: int = 0


_TESTS = (
    "BLOCKED::MISSING-TESTS",
    "BLOCKED::SPEC-REF-GAP",
    "WARN::HIGH-RISK-NO-TESTS",
    "WARN::REVIEW-NOT-GREEN",
)
SHOWN = 5
"""How many hotspots a report names, and how many tasks it advises where no limit does."""


def report(backlog: Backlog, readiness: Readiness, facts: Facts, findings: Sequence[Finding]) -> Report:
    """What the backlog rules found, sorted by what a coordinator does about it."""
    now = pulse(backlog, readiness, facts.now)
    running = readiness.tasks_with(Status.IN_PROGRESS)
    limit = facts.settings.wip_limit
    room = max(0, limit - len(running)) if limit else SHOWN
    eligible = readiness.ordered(readiness.eligible)[:room]
    stale = of_rules(findings, ["WARN::STALE-TASK"])
    hotspots = _hotspots(backlog, readiness)
    return Report(
        at=facts.now,
        pulse=now,
        advance=[task.task_id for task in (*running, *eligible)],
        wip=Wip(
            running=[how_far(backlog, task) for task in running],
            limit=limit,
            exceeded=bool(limit) and len(running) > limit,
            stale=[name for each in stale for name in each.tasks],
        ),
        risk_hotspots=hotspots[:SHOWN],
        escalations=Escalations(
            of_rules(findings, ["WARN::REPEATED-BLOCKER"]),
            of_rules(findings, _TESTS),
            of_rules(findings, ["WARN::DEFERRABLE-PROMOTED"]),
        ),
        self_check=self_check(backlog, now, facts, findings),
        errors=sum(each.severity is Severity.ERROR for each in findings),
        warnings=sum(each.severity is Severity.WARNING for each in findings),
        more_hotspots=max(0, len(hotspots) - SHOWN),
    )


def _hotspots(backlog: Backlog, readiness: Readiness) -> list[Hotspot]:
    counts: dict[str, list[Status]] = {}
    for task in backlog.tasks:
        status = readiness.statuses[task.task_id]
        if task.risk is Risk.HIGH and status not in {Status.COMPLETED, Status.ABANDONED}:
            counts.setdefault(task.slice, []).append(status)
    found = [
        Hotspot(name, len(each), each.count(Status.IN_PROGRESS), each.count(Status.BLOCKED))
        for name, each in counts.items()
    ]
    return sorted(found, key=lambda each: -each.high_remaining)
