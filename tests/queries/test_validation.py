"""Findings weighed: what fails, what the baseline knew, in which order."""

import pytest

from tests.asking import finding
from vtm.queries.validation import fingerprint, validation

ERROR, WARNING = finding("GAP::A"), finding("WARN::B", severity="warning")
WEIGHED = {
    "nothing": ([], False, True, 0, 0),
    "nothing-strict": ([], True, True, 0, 0),
    "warning": ([WARNING], False, True, 0, 1),
    "warning-strict": ([WARNING], True, False, 0, 1),
    "error": ([ERROR], False, False, 1, 0),
    "both": ([WARNING, ERROR, WARNING], False, False, 1, 2),
}


@pytest.mark.parametrize(("findings", "strict", "ok", "errors", "warnings"), WEIGHED.values(), ids=WEIGHED)
def test_what_fails(findings, strict, ok, errors, warnings):
    found = validation(findings, strict=strict)
    assert (found.ok, found.strict, found.errors, found.warnings) == (ok, strict, errors, warnings)
    assert (found.total, found.returned, found.truncated) == (len(findings), len(findings), False)


KNOWN = {
    "nothing-known": ([], 2, 0, False),
    "error-known": ([ERROR], 1, 1, True),
    "both-known": ([ERROR, WARNING], 0, 2, True),
    "known-and-gone": ([ERROR, finding("GAP::FIXED")], 1, 1, True),
    "another-message-is-new": ([finding("GAP::A", message="else")], 2, 0, False),
    "another-file-is-new": ([finding("GAP::A", path="other.json")], 2, 0, False),
    "another-line-is-not": ([finding("GAP::A", line=7, column=3)], 1, 1, True),
    "another-severity-is-not": ([finding("GAP::A", severity="warning")], 1, 1, True),
}


@pytest.mark.parametrize(("known", "left", "baselined", "ok"), KNOWN.values(), ids=KNOWN)
def test_what_the_baseline_knows_is_left_out(known, left, baselined, ok):
    found = validation([ERROR, WARNING], baseline={fingerprint(each) for each in known})
    assert (found.total, found.baselined, found.ok) == (left, baselined, ok)
    assert found.errors + found.warnings == len(found.findings) == left


def test_strict_looks_at_what_is_new_only():
    assert validation([WARNING], strict=True, baseline={fingerprint(WARNING)}).ok


def test_findings_come_by_place():
    placed = [
        finding("GAP::A", path="a.json", line=2),
        finding("GAP::A", path="a.json", line=10, column=1),
        finding("GAP::A", path="a.json", line=10, column=5),
        finding("GAP::B", path="a.json", line=10, column=5, message="a"),
        finding("GAP::B", path="a.json", line=10, column=5, message="b"),
        finding("BLOCKED::A", path="b.json", line=1),
    ]
    assert validation(placed[::-1]).findings == placed
