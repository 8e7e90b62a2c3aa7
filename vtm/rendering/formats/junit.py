"""Findings as a JUnit report, which most CI servers show: each rule that ran is a test."""

from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from vtm.model.finding import Finding, Severity
from vtm.queries.validation import Validation
from vtm.rendering.plain import many_lines
from vtm.rendering.rule_summary import RuleSummary, rule_code

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def render(result: Validation, rules: Sequence[RuleSummary]) -> str:
    """One test per rule: errors fail it, and with `strict` warnings do; otherwise they are its output.

    Source: the schema that Jenkins accepts, https://llg.cubic.org/docs/junit/.
    """
    cases = [_case(code, found, result.strict) for code, found in _by_rule(result.findings, rules).items()]
    counts = {
        "tests": str(len(cases)),
        "failures": str(sum(each.find("failure") is not None for each in cases)),
        "errors": "0",
        "skipped": "0",
        "time": "0",
    }
    root = Element("testsuites", {"name": "vtm", **counts})
    SubElement(root, "testsuite", {"name": "vtm validate", **counts}).extend(cases)
    indent(root)
    return f"{_DECLARATION}{tostring(root, encoding='unicode')}\n"


def _by_rule(findings: Sequence[Finding], rules: Sequence[RuleSummary]) -> dict[str, list[Finding]]:
    """Findings by the code of their rule, those of a rule that is not in `rules` at the end."""
    by_rule: dict[str, list[Finding]] = {rule.code: [] for rule in rules}
    for each in findings:
        by_rule.setdefault(rule_code(each.code), []).append(each)
    return by_rule


def _case(code: str, findings: Iterable[Finding], strict: bool) -> Element:
    name = _fit(code)
    case = Element("testcase", classname=f"vtm.{name.partition('::')[0]}", name=name, time="0")
    output = []
    for each in findings:
        if strict or each.severity is Severity.ERROR:
            failure = SubElement(case, "failure", message=_fit(each.message), type=_fit(each.code))
            failure.text = _fit(_text(each))
        else:
            output.append(_fit(f"{each.severity}: {each.code}: {_text(each)}"))
    if output:
        SubElement(case, "system-out").text = "\n".join(output)
    return case


def _text(finding: Finding) -> str:
    where = finding.location
    place = ":".join(str(part) for part in (where.path, where.line, where.line and where.column) if part)
    fix = f"\nFix: {finding.fix}" if finding.fix else ""
    return f"{place}: {finding.message}{fix}" if place else f"{finding.message}{fix}"


def _fit(text: str) -> str:
    """`text` as XML can hold it; a parser would turn CR into LF."""
    return many_lines(text).replace("\r", "\\r")
