"""What to have checked before a report goes out."""

from collections.abc import Sequence

from msgspec import Struct

from vtm.model.backlog import Backlog
from vtm.model.facts import Facts, PrdFacts
from vtm.model.finding import Finding
from vtm.model.hashes import is_known
from vtm.model.settings import Rules
from vtm.model.status import Risk, Status
from vtm.queries.by_rule import left_out, of_rules
from vtm.queries.filters import place_name
from vtm.queries.pulse import Pulse

_TESTED = ("WARN::HIGH-RISK-NO-TESTS", "WARN::REVIEW-NOT-GREEN", "BLOCKED::MISSING-TESTS")


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


def self_check(backlog: Backlog, now: Pulse, facts: Facts, findings: Sequence[Finding]) -> list[SelfCheck]:
    """The seven items that coordinators check; `findings` are those of the backlog rules."""
    rules = facts.settings.rules
    tested = [each for each in findings if _is_about_completed_high(backlog, each)]
    return [
        _phase(now, facts.prd),
        _hash(backlog, rules, findings),
        _absent(rules, findings, "No task was completed without being started", "WARN::ILLEGAL-JUMP"),
        _absent(rules, tested, "Completed High tasks have tests", *_TESTED),
        _absent(rules, findings, "No more tasks in progress than the limit", "WARN::WIP-OVERLOAD"),
        _absent(rules, findings, "Completed tasks met all their criteria", "WARN::COMPLETED-WITHOUT-ALL-ACS"),
        _absent(rules, findings, "No task has been in progress for too long", "WARN::STALE-TASK"),
    ]


def _phase(now: Pulse, prd: PrdFacts | None) -> SelfCheck:
    item = "The master PRD is loaded and its phase unchanged"
    if prd is None:
        return SelfCheck(item, None, "nobody looked for a master PRD", ())
    if not prd.exists or prd.problem:
        ok = False if prd.required or prd.problem else None
        return SelfCheck(item, ok, f"{prd.path} {prd.problem or 'does not exist'}", ())
    detail = f"{prd.path} says phase {prd.phase}, the work is in {now.phase or 'none'}"
    if prd.phase == "unknown" or not now.phase:
        return SelfCheck(item, None, detail, ())
    return SelfCheck(item, place_name(prd.phase, "phase") == place_name(now.phase, "phase"), detail, ())


def _hash(backlog: Backlog, rules: Rules, findings: Sequence[Finding]) -> SelfCheck:
    found = _absent(
        rules, findings, "The state was written for this manifest", "WARN::MANIFEST-HASH-MISMATCH"
    )
    if found.ok and not is_known(backlog.state.manifest_hash):
        return SelfCheck(found.item, None, "the state does not say which manifest it was written for", ())
    return found


def _is_about_completed_high(backlog: Backlog, finding: Finding) -> bool:
    return any(
        name in backlog and backlog[name].risk is Risk.HIGH and backlog.status(name) is Status.COMPLETED
        for name in finding.tasks
    )


def _absent(rules: Rules, findings: Sequence[Finding], item: str, *codes: str) -> SelfCheck:
    """Whether no finding with one of `codes` speaks against `item`; null where not all were judged."""
    against = of_rules(findings, codes)
    if against:
        more = f" (and {len(against) - 1} more)" if len(against) > 1 else ""
        named = list(dict.fromkeys(each.code for each in against))
        return SelfCheck(item, False, against[0].message + more, named)
    silent = left_out(rules, codes)
    if silent:
        return SelfCheck(item, None, f"[rules] in the settings leaves out {', '.join(silent)}", ())
    return SelfCheck(item, True, "nothing speaks against it", ())
