"""Takes the report of an agent, after a look at what it did."""

from msgspec.structs import replace

from vtm.engine.reporting import Reporting, take_report
from vtm.engine.running.checking import Flaw, verified
from vtm.engine.running.handed import Done, Told
from vtm.engine.running.hands import Hands
from vtm.model.facts import Caller
from vtm.model.report import Claim
from vtm.model.session import Session
from vtm.model.state import Evidence
from vtm.model.status import Status
from vtm.model.task import Task
from vtm.queries.report_back import Outcome


def accept(hands: Hands, task: Task, session: Session, told: Told) -> tuple[Flaw | None, Status]:
    """Record what an agent reports; what is wrong with its work (None: nothing), and the status then.

    Raises:
        VtmError: The report is refused as a whole.
    """
    evidence: Evidence | None = None
    done: Done | None = None
    if told.report.status is Claim.COMPLETED:
        found = verified(hands, task, session)
        if found.flaw is not None:
            return found.flaw, Status.IN_PROGRESS
        done = found.done
        evidence = found.evidence or _of_tests(told, done.commit)
    caller = Caller(session.agent or session.runner, session.id, session.epoch)
    report = replace(told.report, epoch=session.epoch)
    with hands.recorder(session, done).desk() as desk:
        answer = take_report(desk, Reporting(report, told.digest, evidence, caller))
    if answer.outcome in {Outcome.PARTLY, Outcome.REFUSED}:
        missing = "; ".join(f"{each.message} ({each.fix})" for each in answer.missing)
        return Flaw("NOT-ACCEPTED", f"it is reported as completed, and is not: {missing}"), answer.to
    return None, answer.to


def _of_tests(told: Told, commit: str) -> Evidence | None:
    """What the tests show that an agent says it ran."""
    results = told.report.test_results
    if results is None:
        return None
    return Evidence(
        tests_passed=results.passed,
        tests_failed=results.failed or None,
        command=results.command or None,
        commit=commit or None,
    )
