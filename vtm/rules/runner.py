"""Runs rules over a case."""

from collections.abc import Iterable, Mapping, Sequence

from vtm.model.facts import Action
from vtm.model.finding import Finding, Severity
from vtm.rules.case import Case
from vtm.rules.registry import canonical, concerns, load, matches, rules
from vtm.rules.rule import Problem, Rule

_OF_ONE_TASK = (
    "BLOCKED::EMPTY-AC",
    "BLOCKED::MISSING-CONTEXT",
    "BLOCKED::SPEC-REF-GAP",
    "BLOCKED::UNRESOLVED-GAP",
    "GAP::DANGLING-DEPENDENCY",
    "GAP::DUP-AC-COVERAGE",
    "GAP::DUPLICATE-AC-ID",
    "GAP::DUPLICATE-TASK-ID",
    "GAP::EST-INCONSISTENT",
    "GAP::NO-SPECS",
    "GAP::SCHEMA",
    "GAP::SELF-DEPENDENCY",
    "GAP::TASK-DEP-CYCLE",
    "GAP::TASK-OVERSIZED",
    "WARN::AC-DRIFT",
    "WARN::CONFLICT-ASYMMETRIC",
    "WARN::HIGH-RISK-PARALLEL",
    "WARN::LENIENT-VALUE",
    "WARN::REVIEW-NOT-GREEN",
    "WARN::STATE-DISAGREES",
    "WARN::TIMESTAMP-ORDER",
)


_OF_RECORD = ("BLOCKED::ATTEMPTS-EXHAUSTED", "BLOCKED::LEASE-HELD", "BLOCKED::STALE-EPOCH")


def backlog_rules() -> list[Rule]:
    """The rules that judge a backlog."""
    return [rule for rule in rules() if rule.backlog]


def eligible_rules() -> list[Rule]:
    """The backlog rules that can have something to say of an eligible task; a test holds this to the rest.

    `WARN::SPEC-CHANGED-AFTER-MANIFEST` is not among them: it would have `vtm next` wait for git.
    """
    return [load(code) for code in _OF_ONE_TASK]


def record_rules() -> list[Rule]:
    """The gates of whatever is recorded of a task; a test holds this to the rest.

    They guard leases, so that settings neither ignore nor weigh them.
    """
    return [load(code) for code in _OF_RECORD]


def gate_rules(action: Action) -> list[Rule]:
    """The rules that are asked before `action`."""
    return [rule for rule in rules() if action in rule.gates]


def selected(asked: Iterable[Rule], select: Sequence[str], ignore: Sequence[str]) -> list[Rule]:
    """The rules of which `select` (empty: all) takes a finding and `ignore` leaves one."""
    taken, dropped = _canonical(select), _canonical(ignore)
    return [
        rule
        for rule in asked
        if (not taken or any(concerns(each, rule) for each in taken))
        and not any(matches(each, rule.code) for each in dropped)
    ]


def wanted(code: str, select: Sequence[str], ignore: Sequence[str]) -> bool:
    """Whether `select` (empty: all) takes a finding of this code and `ignore` leaves it."""
    return _wanted(code, _canonical(select), _canonical(ignore))


def judge(case: Case, asked: Iterable[Rule]) -> list[Finding]:
    """What `asked` find, as selected and weighed by the settings, in the order of rules."""
    chosen = case.settings.rules
    taken, dropped = _canonical(chosen.select), _canonical(chosen.ignore)
    weights = {canonical(code): severity for code, severity in chosen.severity.items()}
    found = []
    for rule in selected(asked, taken, dropped):
        for problem in rule.check(case):
            finding = _finding(rule, problem, weights)
            if _wanted(finding.code, taken, dropped):
                found.append(finding)
    return found


def _canonical(patterns: Sequence[str]) -> list[str]:
    return [canonical(each) for each in patterns]


def _wanted(code: str, taken: Sequence[str], dropped: Sequence[str]) -> bool:
    chosen = not taken or any(matches(each, code) for each in taken)
    return chosen and not any(matches(each, code) for each in dropped)


def _finding(rule: Rule, problem: Problem, weights: Mapping[str, str]) -> Finding:
    severity = Severity(weights.get(rule.code, problem.severity or rule.severity))
    code = f"{rule.code}::{problem.tasks[0]}" if rule.per_task and problem.tasks else rule.code
    return Finding(
        code,
        severity,
        problem.message,
        rule.fix,
        problem.location,
        rule.blocking and severity is Severity.ERROR,
        problem.tasks,
    )
