"""What `vtm ingest` did, or would do."""

from collections.abc import Sequence

from msgspec import Struct

from vtm.model.finding import Finding, Severity
from vtm.model.status import Risk
from vtm.model.task import Criterion, Task, Texts, Timestamp
from vtm.model.transaction import Transaction


class ProposedTask(Struct, frozen=True):
    """A task with its id, and with its dependencies as ids; `position` is that of the proposal, from 0."""

    position: int
    task_id: str
    title: str
    risk: Risk
    depends_on_tasks: Texts
    acceptance_criteria: Sequence[Criterion]


class Ingested(Struct, frozen=True, tag_field="schema", tag="vtm.ingest/1"):
    """Tasks for the backlog.

    Attributes:
        ok: Whether they may be added: no new error is among the findings.
        applied: Whether they were.
        transaction: What takes them out again; empty: they were not added.
        manifest_hash: Canonical hash of the backlog with them; empty where they may not be added.
        files: Those that were written, relative to the root.
        tasks: Empty where the proposals cannot be read as tasks.
        findings: What is wrong with the backlog once they are in it, and was not before.
    """

    ok: bool
    applied: bool
    transaction: str
    manifest_hash: str
    files: Sequence[str]
    tasks: Sequence[ProposedTask]
    findings: Sequence[Finding]
    errors: int
    warnings: int


class RolledBack(Struct, frozen=True, tag_field="schema", tag="vtm.ingest/1"):
    """Tasks that one transaction added, and that are taken out again.

    Attributes:
        rolled_back: The transaction.
        at: When it was applied.
        applied: Whether they were taken out.
        tasks: Their ids.
        gone: Ids of those that were no longer there.
        manifest_hash: Canonical hash of the backlog without them.
        files: Those that were written, relative to the root.
    """

    rolled_back: str
    at: Timestamp
    applied: bool
    tasks: Sequence[str]
    gone: Sequence[str]
    manifest_hash: str
    files: Sequence[str]


def ingested(
    tasks: Sequence[Task],
    findings: Sequence[Finding],
    *,
    transaction: Transaction | None = None,
    manifest_hash: str = "",
    files: Sequence[str] = (),
) -> Ingested:
    """Weigh `findings`, which are new with `tasks`; a transaction says that they were added."""
    errors = sum(each.severity is Severity.ERROR for each in findings)
    return Ingested(
        ok=not errors,
        applied=transaction is not None,
        transaction=transaction.id if transaction else "",
        manifest_hash="" if errors else manifest_hash,
        files=files,
        tasks=[_proposed(at, task) for at, task in enumerate(tasks)],
        findings=sorted(findings, key=_place),
        errors=errors,
        warnings=len(findings) - errors,
    )


def fresh(before: Sequence[Finding], after: Sequence[Finding]) -> list[Finding]:
    """Those of `after` that say something that none of `before` said."""
    known = {(each.code, each.message, each.tasks) for each in before}
    return [each for each in after if (each.code, each.message, each.tasks) not in known]


def rolled_back(
    transaction: Transaction, gone: Sequence[str], manifest_hash: str, files: Sequence[str] | None
) -> RolledBack:
    """A transaction that is taken back; without `files`, it would be."""
    left = [each for each in transaction.tasks if each not in set(gone)]
    applied = files is not None
    return RolledBack(transaction.id, transaction.at, applied, left, gone, manifest_hash, files or ())


def _proposed(position: int, task: Task) -> ProposedTask:
    return ProposedTask(
        position, task.task_id, task.title, task.risk, task.depends_on_tasks, task.acceptance_criteria
    )


def _place(finding: Finding) -> tuple[str, int, int, str, str]:
    where = finding.location
    return where.path, where.line, where.column, finding.code, finding.message
