"""Findings by the rules that they come from."""

from collections.abc import Collection, Iterable, Sequence

from vtm.model.finding import Finding
from vtm.model.settings import Rules
from vtm.rules.registry import load
from vtm.rules.runner import selected


def rule_code(finding: Finding) -> str:
    """The code of the rule that a finding comes from, without an id behind it."""
    return "::".join(finding.code.split("::", 2)[:2])


def of_rules(findings: Iterable[Finding], codes: Collection[str]) -> list[Finding]:
    """Those of `findings` that come from the rules with these codes."""
    return [each for each in findings if rule_code(each) in codes]


def left_out(rules: Rules, codes: Sequence[str]) -> list[str]:
    """Those of `codes` whose rules the settings do not let run."""
    ran = {rule.code for rule in selected(map(load, codes), rules.select, rules.ignore)}
    return [code for code in codes if code not in ran]
