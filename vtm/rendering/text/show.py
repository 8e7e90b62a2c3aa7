"""`vtm show` as text."""

from collections.abc import Iterator

from vtm.model.state import Evidence, TaskState
from vtm.queries.shown import ShownTask
from vtm.rendering.render import Terminal
from vtm.rendering.text.findings import finding_lines
from vtm.rendering.text.next import card_lines
from vtm.rendering.text.wording import counted, listed, moment


def lines(result: ShownTask, _: Terminal) -> Iterator[str]:
    """The task, its state, what it waits for and its findings."""
    yield from card_lines(result)
    yield f"  tests first: {result.tdd}"
    yield from _past(result.state)
    if result.acs_remaining:
        yield f"  criteria left: {', '.join(result.acs_remaining)}"
    if result.unmet:
        yield "  waits for: " + ", ".join(f"{each.task_id} ({each.status})" for each in result.unmet)
    if result.held_by:
        yield f"  held back while open: {listed(result.held_by)}"
    if result.dependents:
        yield f"  needed by: {', '.join(result.dependents)}"
    yield f"  eligible: {'yes' if result.eligible else 'no'}{', stuck' if result.stuck else ''}"
    yield from finding_lines(result.findings)


def _past(state: TaskState) -> Iterator[str]:
    """What has happened to the task."""
    waived = (f"{name} ({reason})" if reason else name for name, reason in state.waived.items())
    known = {
        "owner": state.owner,
        "started": moment(state.started_at) if state.started_at else "",
        "completed": moment(state.completed_at) if state.completed_at else "",
        "pull request": state.pr_number,
        "evidence": ", ".join(_evidence(state.evidence)) if state.evidence else "",
        "blocked because": state.blocked_reason,
        "waived": ", ".join(waived),
        "notes": state.notes,
    }
    yield from (f"  {name}: {value}" for name, value in known.items() if value not in {"", None})


def _evidence(evidence: Evidence) -> Iterator[str]:
    if evidence.tests_passed is not None:
        yield f"{counted(evidence.tests_passed, 'test')} passed"
    if evidence.tests_failed is not None:
        yield f"{counted(evidence.tests_failed, 'test')} failed"
    if evidence.exit_code is not None:
        yield f"exit code {evidence.exit_code}"
    if evidence.commit:
        yield f"commit {evidence.commit}"
