"""What vtm knows of itself: rules as lines and with their documentation."""

import pytest

from vtm.queries.catalogue import RuleLine, explanation, judges, rule_list
from vtm.rules.registry import load, rules

JUDGES = {
    "GAP::SCHEMA": ["backlog"],
    "BLOCKED::EMPTY-AC": ["backlog", "start"],
    "BLOCKED::MISSING-TESTS": ["backlog", "complete"],
    "BLOCKED::DEPENDENCY-NOT-DONE": ["complete", "run", "start"],
    "WARN::LATE-ORCHESTRATION": ["preflight", "run"],
}


@pytest.mark.parametrize(("code", "expected"), JUDGES.items(), ids=JUDGES)
def test_when_a_rule_runs(code, expected):
    assert judges(load(code)) == expected


def test_all_rules_are_listed_by_family_and_name():
    found = rule_list(rules())
    codes = [each.code for each in found.rules]
    assert codes == sorted(codes) == [rule.code for rule in rules()]
    assert (found.total, found.returned, found.truncated) == (len(codes), len(codes), False)
    assert all(each.summary.endswith(".") and each.judges for each in found.rules)
    assert (
        RuleLine("GAP::SELF-DEPENDENCY", "error", True, ["backlog"], "A task depends on itself.")
        in found.rules
    )


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.code)
def test_an_explanation_is_the_whole_documentation(rule):
    found = explanation(rule)
    assert (found.code, found.severity, found.blocking) == (rule.code, rule.severity, rule.blocking)
    assert found.documentation.startswith(rule.summary)
    assert all(word in found.documentation for word in ("Why:", "Fails:", "Passes:", "Fix:"))
