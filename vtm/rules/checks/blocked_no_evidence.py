"""BLOCKED::NO-EVIDENCE."""

from collections.abc import Iterator

from vtm.model.facts import Action
from vtm.model.finding import Severity
from vtm.model.state import Evidence
from vtm.rules.case import Case
from vtm.rules.rule import Problem, about, rule


@rule("BLOCKED::NO-EVIDENCE::<id>", Severity.ERROR, blocking=True, gates=(Action.COMPLETE,))
def check(case: Case) -> Iterator[Problem]:
    """A task is to be completed with nothing to show for it, or with tests that fail.

    Why: whoever builds on it relies on its being done.

    Fails:
        tasks: [{task_id: A}]
        facts: {action: complete, occasion: {event: complete, result: {exit_code: 1}}}

    Passes:
        tasks: [{task_id: A}]
        facts: {action: complete, occasion: {event: complete, result: {tests_passed: 3, commit: 0123abc}}}

    Fix: give `--run CMD`, or `--tests-passed N --commit SHA`, or `--evidence FILE`.
    """
    result = case.facts.occasion.result or Evidence()
    for task in case.focus:
        if not result.green:
            shown = _shown(result)
            yield about(task, case.backlog.at_entry(task.task_id), f"{task.task_id} has {shown}")


def _shown(result: Evidence) -> str:
    if result.tests_failed:
        return f"tests that fail: {result.tests_failed} of {result.tests_failed + (result.tests_passed or 0)}"
    if result.exit_code:
        return f"tests that fail: {result.command or 'they'} ended with exit code {result.exit_code}"
    return "no evidence that it is done" if result.tests_passed is None else "no test that passed"
