"""Is the backlog sound?"""

from collections.abc import Collection, Sequence

from msgspec import Struct

from vtm.model.finding import Finding, Severity


class Validation(Struct, frozen=True, tag_field="schema", tag="vtm.validate/1"):
    """Findings about a backlog.

    Attributes:
        ok: Whether nothing fails: no error, and with `strict` no warning either.
        baselined: How many findings the baseline already knew; they are not listed.
        findings: By place.
        total: How many findings there are beside those in the baseline.
    """

    ok: bool
    strict: bool
    errors: int
    warnings: int
    baselined: int
    findings: Sequence[Finding]
    total: int
    returned: int
    truncated: bool


def fingerprint(finding: Finding) -> tuple[str, str, str]:
    """What stays the same about a finding when lines move: code, file, message."""
    return finding.code, finding.location.path, finding.message


def validation(
    findings: Sequence[Finding], *, strict: bool = False, baseline: Collection[tuple[str, str, str]] = ()
) -> Validation:
    """Weigh `findings`, leaving out those whose `fingerprint` is in `baseline`."""
    fresh = [each for each in findings if fingerprint(each) not in baseline]
    fresh.sort(key=_place)
    errors = sum(each.severity is Severity.ERROR for each in fresh)
    return Validation(
        ok=not errors and not (strict and fresh),
        strict=strict,
        errors=errors,
        warnings=len(fresh) - errors,
        baselined=len(findings) - len(fresh),
        findings=fresh,
        total=len(fresh),
        returned=len(fresh),
        truncated=False,
    )


def _place(finding: Finding) -> tuple[str, int, int, str, str]:
    where = finding.location
    return where.path, where.line, where.column, finding.code, finding.message
