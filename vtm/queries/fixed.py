"""What `vtm validate --fix` mended, or would mend."""

from collections.abc import Sequence
from typing import TypeVar

import msgspec
from msgspec import Struct

from vtm.model.finding import Finding
from vtm.model.fixing import Fix
from vtm.queries.validation import Validation

Placed = TypeVar("Placed", Finding, Fix)
"""What is said of a place in a file."""


class HeldBack(Struct, frozen=True):
    """A fix that is not made, and why."""

    fix: Fix
    reason: str


class FixedFile(Struct, frozen=True):
    """A file that fixes change.

    Attributes:
        path: POSIX, relative to the root.
        diff: Unified.
        written: Whether it was replaced.
    """

    path: str
    diff: str
    written: bool


class Fixed(Struct, frozen=True, tag_field="schema", tag="vtm.fix/1"):
    """Fixes of a backlog, and the findings that they leave.

    Attributes:
        ok: Whether nothing is left to do: nothing that fails, and no fix that was not written.
        applied: Whether fixes are written; where there is nothing to fix, no file is.
        unsafe: How many more fixes there are that only `--unsafe` makes.
        held_back: Fixes that are not made though they were asked for.
        migratable: How many findings `vtm migrate --apply` mends: it is what writes the state file.
        findings: What is left once the fixes are made, by place.
        errors: How many of them are errors.
        baselined: How many findings the baseline knew; they are not listed.
    """

    ok: bool
    strict: bool
    applied: bool
    fixes: Sequence[Fix]
    unsafe: int
    held_back: Sequence[HeldBack]
    files: Sequence[FixedFile]
    migratable: int
    errors: int
    warnings: int
    baselined: int
    findings: Sequence[Finding]


class Mended(Struct, frozen=True):
    """What fixes do to one project; `left` are the findings that stay."""

    fixes: Sequence[Fix]
    unsafe: int
    held_back: Sequence[HeldBack]
    files: Sequence[FixedFile]
    left: Sequence[Finding]
    state_path: str


def fixed(projects: Sequence[Mended], left: Validation, *, applied: bool) -> Fixed:
    """One answer about all `projects`; `left` weighs what stays."""
    fixes = [each for project in projects for each in project.fixes]
    states = {project.state_path for project in projects}
    of_state = [each for each in left.findings if _is_lenient(each) and each.location.path in states]
    return Fixed(
        ok=left.ok and (applied or not fixes),
        strict=left.strict,
        applied=applied,
        fixes=fixes,
        unsafe=sum(project.unsafe for project in projects),
        held_back=[each for project in projects for each in project.held_back],
        files=[each for project in projects for each in project.files],
        migratable=len(of_state),
        errors=left.errors,
        warnings=left.warnings,
        baselined=left.baselined,
        findings=left.findings,
    )


def below(folder: str, mended: Mended) -> Mended:
    """`mended` with the names of its files as they are seen from where `folder` holds its project."""
    return msgspec.structs.replace(
        mended,
        fixes=[_moved(folder, each) for each in mended.fixes],
        held_back=[HeldBack(_moved(folder, each.fix), each.reason) for each in mended.held_back],
        files=[_renamed(folder, each) for each in mended.files],
        left=[_moved(folder, each) for each in mended.left],
        state_path=f"{folder}/{mended.state_path}",
    )


def _moved(folder: str, each: Placed) -> Placed:
    where = msgspec.structs.replace(each.location, path=f"{folder}/{each.location.path}")
    return msgspec.structs.replace(each, location=where)


def _renamed(folder: str, file: FixedFile) -> FixedFile:
    path = f"{folder}/{file.path}"
    hunks = file.diff.split("\n", 2)[2]
    return FixedFile(path, f"--- a/{path}\n+++ b/{path}\n{hunks}", file.written)


def _is_lenient(finding: Finding) -> bool:
    return finding.code.startswith("WARN::LENIENT-VALUE")
