"""Findings as workflow commands, which GitHub shows as annotations of a run and of the changed files."""

from collections.abc import Sequence

from vtm.model.finding import Finding
from vtm.queries.validation import Validation
from vtm.rendering.plain import many_lines
from vtm.rendering.rule_summary import RuleSummary


def render(result: Validation, rules: Sequence[RuleSummary]) -> str:  # noqa: ARG001  every format is called alike
    """One line per finding, nothing where there is none.

    Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands, and for the
    escapes `ActionCommand.cs` of https://github.com/actions/runner.
    """
    return "".join(f"{_command(each)}\n" for each in result.findings)


def _command(finding: Finding) -> str:
    properties = ",".join(f"{name}={_property(value)}" for name, value in _properties(finding).items())
    fix = f"\nFix: {finding.fix}" if finding.fix else ""
    return f"::{finding.severity} {properties}::{_data(finding.message + fix)}"


def _properties(finding: Finding) -> dict[str, str]:
    where = finding.location
    known = {
        "file": where.path,
        "line": where.line,
        "col": where.line and where.column,
        "title": finding.code,
    }
    return {name: str(value) for name, value in known.items() if value}


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _data(text: str) -> str:
    return many_lines(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
