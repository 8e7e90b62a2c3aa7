"""Runs rules over a case."""

from collections.abc import Iterable, Mapping, Sequence

from vtm.model.facts import Action
from vtm.model.finding import Finding, Severity
from vtm.rules.case import Case
from vtm.rules.registry import load, matches, rules
from vtm.rules.rule import Problem, Rule

_OF_ONE_TASK = (
    "BLOCKED::EMPTY-AC",
    "BLOCKED::MISSING-CONTEXT",
    "BLOCKED::SPEC-REF-GAP",
    "BLOCKED::UNRESOLVED-GAP",
    "GAP::DUP-AC-COVERAGE",
    "GAP::DUPLICATE-AC-ID",
    "GAP::DUPLICATE-TASK-ID",
    "GAP::EST-INCONSISTENT",
    "GAP::NO-SPECS",
    "GAP::SCHEMA",
    "GAP::TASK-OVERSIZED",
    "WARN::AC-DRIFT",
    "WARN::CONFLICT-ASYMMETRIC",
    "WARN::HIGH-RISK-PARALLEL",
    "WARN::LENIENT-VALUE",
    "WARN::STATE-DISAGREES",
)


def backlog_rules() -> list[Rule]:
    """The rules that judge a backlog."""
    return [rule for rule in rules() if rule.backlog]


def eligible_rules() -> list[Rule]:
    """The backlog rules that can have something to say of an eligible task; a test holds this to the rest."""
    return [load(code) for code in _OF_ONE_TASK]


def gate_rules(action: Action) -> list[Rule]:
    """The rules that are asked before `action`."""
    return [rule for rule in rules() if action in rule.gates]


def selected(rules_: Iterable[Rule], select: Sequence[str], ignore: Sequence[str]) -> list[Rule]:
    """The rules that can yield a finding that `select` takes (empty: all) and `ignore` leaves.

    Patterns with a task's id are decided per finding, by `judge`.
    """
    return [
        rule
        for rule in rules_
        if (not select or any(matches(each, rule.code) or each.startswith(f"{rule.code}::") for each in select))
        and not any(matches(each, rule.code) for each in ignore)
    ]


def judge(case: Case, asked: Iterable[Rule]) -> list[Finding]:
    """What `asked` find, as selected and weighed by the settings, in the order of rules."""
    chosen = case.settings.rules
    found = []
    for rule in selected(asked, chosen.select, chosen.ignore):
        for problem in rule.check(case):
            finding = _finding(rule, problem, chosen.severity)
            if _wanted(finding.code, chosen.select, chosen.ignore):
                found.append(finding)
    return found


def _wanted(code: str, select: Sequence[str], ignore: Sequence[str]) -> bool:
    taken = not select or any(matches(each, code) for each in select)
    return taken and not any(matches(each, code) for each in ignore)


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
