"""What the formats have in common: rules, handed in because rendering knows none, and text that is safe."""

import re
from typing import NamedTuple

from vtm.model.finding import Severity

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""Control characters but tab, LF and CR; line separators; reordering; what UTF-8 or XML cannot hold."""


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


def harmless(text: str) -> str:
    """`text` with what a terminal may obey or a parser refuse written as escapes; its lines and tabs stay."""
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
