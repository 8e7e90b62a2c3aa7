"""What `vtm edit` did."""

from collections.abc import Sequence

from msgspec import Struct

from vtm.model.finding import Finding, Severity


class Edited(Struct, frozen=True, tag_field="schema", tag="vtm.edit/1"):
    """A task whose declaration somebody edited.

    Attributes:
        ok: Whether nothing was refused.
        changed: Whether something was written.
        path: The file that declares it, relative to the root.
        reason: Why the text cannot be taken for the task; empty: it can.
        kept: The file that keeps a text that was refused; empty: none was.
        files: Those that were written, relative to the root.
        findings: What is wrong with the backlog with the new text, and was not before.
    """

    ok: bool
    changed: bool
    task_id: str
    path: str
    reason: str
    kept: str
    files: Sequence[str]
    findings: Sequence[Finding]
    errors: int
    warnings: int


def edited(
    task_id: str,
    path: str,
    *,
    reason: str = "",
    kept: str = "",
    files: Sequence[str] = (),
    findings: Sequence[Finding] = (),
) -> Edited:
    """Weigh what was found; with a reason or an error, the text was refused."""
    errors = count_errors(findings)
    return Edited(
        ok=not reason and not errors,
        changed=bool(files),
        task_id=task_id,
        path=path,
        reason=reason,
        kept=kept,
        files=files,
        findings=findings,
        errors=errors,
        warnings=len(findings) - errors,
    )


def count_errors(findings: Sequence[Finding]) -> int:
    """How many of `findings` are errors."""
    return sum(each.severity is Severity.ERROR for each in findings)
