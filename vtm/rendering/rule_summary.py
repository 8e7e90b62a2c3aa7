"""What the formats know of rules: handed in, because rendering knows none."""

from typing import NamedTuple

from vtm.model.finding import Severity


class RuleSummary(NamedTuple):
    """A rule that ran.

    Attributes:
        code: `FAMILY::NAME`, without a task's id.
        summary: One sentence.
        help: The whole documentation: what, Why, Fails, Passes, Fix.
        severity: Of its findings, where they do not say otherwise.
    """

    code: str
    summary: str
    help: str
    severity: Severity


def rule_code(code: str) -> str:
    """The rule that a finding's `code` belongs to: its first two parts."""
    return "::".join(code.split("::")[:2])
