"""Findings as lines of text."""

from collections.abc import Iterator, Sequence

from vtm.model.finding import Finding, Location


def place(where: Location) -> str:
    """`path:line:column`, as far as known."""
    numbers = [str(each) for each in (where.line, where.column) if each]
    return ":".join([where.path, *numbers])


def finding_lines(findings: Sequence[Finding]) -> Iterator[str]:
    """A line for each finding; what to do about it stands below the first of its kind."""
    told: set[str] = set()
    for each in findings:
        where = f"{place(each.location)}: " if each.location.path not in {"", "."} else ""
        yield f"{where}{each.severity}: {each.code}: {each.message}"
        if each.fix not in told:
            yield f"    fix: {each.fix}"
        told.add(each.fix)
