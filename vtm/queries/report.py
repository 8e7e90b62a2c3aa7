"""What a coordinator should know and do."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from vtm.graph.readiness import Readiness
from vtm.model.backlog import Backlog
from vtm.model.facts import Facts
from vtm.model.finding import Finding
from vtm.model.status import Risk, Status
from vtm.queries.pulse import Pulse, Running, how_far, pulse


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


class SelfCheck(Struct, frozen=True):
    """One thing to have checked before a report goes out.

    Attributes:
        ok: null where it cannot be told.
        codes: Of the findings that speak against it.
    """

    item: str
    ok: bool | None
    detail: str
    codes: Sequence[str]


class Report(Struct, frozen=True, tag_field="schema", tag="vtm.report/1"):
    """Advice, hotspots, escalations and the self-check.

    Attributes:
        advance: Ids to go on with: in progress first, then eligible ones, as many as the limit lets start.
        errors: How many findings are errors; `vtm validate` lists them.
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


_TESTS = (
    "BLOCKED::MISSING-TESTS",
    "BLOCKED::SPEC-REF-GAP",
    "WARN::HIGH-RISK-NO-TESTS",
    "WARN::REVIEW-NOT-GREEN",
)
_SHOWN = 5


def report(backlog: Backlog, readiness: Readiness, facts: Facts, findings: Sequence[Finding]) -> Report:
    """What the backlog rules found, sorted by what a coordinator does about it."""
    now = pulse(backlog, readiness, facts.now)
    running = readiness.tasks_with(Status.IN_PROGRESS)
    limit = facts.settings.wip_limit
    room = max(0, limit - len(running)) if limit else _SHOWN
    eligible = readiness.ordered(readiness.eligible)[:room]
    stale = _of(findings, ["WARN::STALE-TASK"])
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
        risk_hotspots=_hotspots(backlog, readiness),
        escalations=Escalations(
            _of(findings, ["WARN::REPEATED-BLOCKER"]),
            _of(findings, _TESTS),
            _of(findings, ["WARN::DEFERRABLE-PROMOTED"]),
        ),
        self_check=_self_check(now, facts, findings),
        errors=sum(each.severity == "error" for each in findings),
        warnings=sum(each.severity == "warning" for each in findings),
    )


def _of(findings: Iterable[Finding], codes: Sequence[str]) -> list[Finding]:
    return [each for each in findings if "::".join(each.code.split("::")[:2]) in codes]


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
    return sorted(found, key=lambda each: -each.high_remaining)[:_SHOWN]


def _self_check(now: Pulse, facts: Facts, findings: Sequence[Finding]) -> list[SelfCheck]:
    return [
        _phase(now, facts),
        _absent(findings, "The state was written for this manifest", "WARN::MANIFEST-HASH-MISMATCH"),
        _absent(findings, "No task was completed without being started", "WARN::ILLEGAL-JUMP"),
        _absent(
            findings, "Completed High tasks have tests", "WARN::HIGH-RISK-NO-TESTS", "WARN::REVIEW-NOT-GREEN"
        ),
        _absent(findings, "No more tasks in progress than the limit", "WARN::WIP-OVERLOAD"),
        _absent(findings, "Completed tasks met all their criteria", "WARN::COMPLETED-WITHOUT-ALL-ACS"),
        _absent(findings, "No task has been in progress for too long", "WARN::STALE-TASK"),
    ]


def _phase(now: Pulse, facts: Facts) -> SelfCheck:
    item = "The master PRD is loaded and its phase unchanged"
    prd = facts.prd
    if prd is None or not prd.exists or prd.problem:
        path = prd.path if prd else "the master PRD"
        return SelfCheck(item, None, f"{path} {prd.problem if prd and prd.problem else 'does not exist'}", ())
    if prd.phase == "unknown" or not now.phase:
        return SelfCheck(
            item, None, f"{prd.path} says phase {prd.phase}, the work is in {now.phase or 'none'}", ()
        )
    same = (
        prd.phase.casefold().removeprefix("phase").strip()
        == now.phase.casefold().removeprefix("phase").strip()
    )
    return SelfCheck(item, same, f"{prd.path} says {prd.phase}, the work is in {now.phase}", ())


def _absent(findings: Sequence[Finding], item: str, *codes: str) -> SelfCheck:
    against = _of(findings, codes)
    more = f" (and {len(against) - 1} more)" if len(against) > 1 else ""
    detail = f"{against[0].message}{more}" if against else "nothing speaks against it"
    return SelfCheck(item, not against, detail, list(dict.fromkeys(each.code for each in against)))
