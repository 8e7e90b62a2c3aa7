"""BLOCKED::MANIFEST-BLOCKED."""

from collections.abc import Iterator

from vtm.model.finding import Severity
from vtm.rules.case import Case
from vtm.rules.rule import Problem, rule


@rule("BLOCKED::MANIFEST-BLOCKED", Severity.ERROR, blocking=True)
def check(case: Case) -> Iterator[Problem]:
    """The manifest says of itself that it must not be worked on.

    Why: its `status` is not OK, or `gaps.blocking` still lists gaps, so its planner did not release it.

    Fails:
        tasks: [{task_id: A--T01}]
        manifest: {status: DRAFT, gaps: {blocking: [GAP::NO-OWNER]}}

    Passes:
        tasks: [{task_id: A--T01}]
        manifest: {status: OK, gaps: {blocking: []}}

    Fix: close the gaps, empty `gaps.blocking` and set `status` to OK, or generate the manifest again.
    """
    manifest = case.backlog.manifest
    if manifest.status != "OK":
        what = f"the status of the manifest is {manifest.status!r}, not 'OK'"
        yield Problem(case.backlog.at_manifest("status"), what)
    if manifest.gaps.blocking:
        gaps = ", ".join(dict.fromkeys(manifest.gaps.blocking))
        what = f"the manifest has blocking gaps: {gaps}"
        yield Problem(case.backlog.at_manifest("gaps", "blocking"), what)
