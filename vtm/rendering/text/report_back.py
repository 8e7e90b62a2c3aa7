"""What came of a worker's report, as text."""

from collections.abc import Iterator

from vtm.queries.report_back import Outcome, ReportBack
from vtm.rendering.render import Terminal
from vtm.rendering.text.change import difference_lines
from vtm.rendering.text.findings import finding_lines
from vtm.rendering.text.wording import moment

_SAID = {
    Outcome.APPLIED: "all of it {is} recorded",
    Outcome.PARTLY: "criteria {are} recorded, the task stays in-progress",
    Outcome.REFUSED: "nothing {is} recorded, the task stays in-progress",
    Outcome.UNCHANGED: "nothing {is} recorded: it says nothing that is not known",
}


def lines(result: ReportBack, _: Terminal) -> Iterator[str]:
    """How much of the report was recorded, what that changed, and what is missing."""
    be = dict.fromkeys(("is", "are"), "would be") if result.dry_run else {"is": "is", "are": "are"}
    by = f" by {result.actor}" if result.actor else ""
    yield f"{result.task_id}  {result.title}".rstrip()
    yield f"  reported as {result.reported}{by}: {_SAID[result.outcome].format(**be)}"
    if result.from_ != result.to:
        yield f"  {result.from_} -> {result.to}"
    yield from difference_lines(result.changes, result.state)
    if result.expires_at:
        yield f"  lease until {moment(result.expires_at)}"
    if result.missing:
        yield "  missing for it to be completed:"
    yield from finding_lines([*result.missing, *result.findings])
