"""What `vtm add` did, or would do."""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from vtm.model.finding import Finding, Severity

Form = Literal["manifest", "markdown"]
"""The two ways to declare tasks."""

STRUCTURAL = (
    "GAP::SCHEMA",
    "GAP::UNREADABLE",
    "GAP::DUPLICATE-TASK-ID",
    "GAP::DANGLING-DEPENDENCY",
    "GAP::SELF-DEPENDENCY",
    "GAP::TASK-DEP-CYCLE",
)
"""Errors that a new task must not bring; what else it lacks can be filled in later."""


class Added(Struct, frozen=True, tag_field="schema", tag="vtm.add/1"):
    """A new task.

    Attributes:
        ok: Whether it may be added: it brings no error of structure.
        applied: Whether it was.
        to: The form in which it is declared.
        path: The file that declares it.
        text: What stands there for it: an object, or the whole file.
        files: Those that were written, relative to the root.
        findings: What is wrong with the backlog once it is in it, and was not before.
    """

    ok: bool
    applied: bool
    task_id: str
    title: str
    to: Form
    path: str
    text: str
    files: Sequence[str]
    findings: Sequence[Finding]
    errors: int
    warnings: int


def breaks_structure(findings: Sequence[Finding]) -> bool:
    """Whether an error among `findings` keeps a new task from being added."""
    return any(each.severity is Severity.ERROR and each.code.startswith(STRUCTURAL) for each in findings)


def added(
    task_id: str,
    title: str,
    to: Form,
    path: str,
    text: str,
    files: Sequence[str],
    findings: Sequence[Finding],
) -> Added:
    """Weigh `findings`, which are new with the task; that files were written says that it was added."""
    errors = sum(each.severity is Severity.ERROR for each in findings)
    return Added(
        ok=not breaks_structure(findings),
        applied=bool(files),
        task_id=task_id,
        title=title,
        to=to,
        path=path,
        text=text,
        files=files,
        findings=findings,
        errors=errors,
        warnings=len(findings) - errors,
    )
