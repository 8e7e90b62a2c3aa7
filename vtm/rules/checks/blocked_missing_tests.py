"""BLOCKED::MISSING-TESTS."""

from collections.abc import Iterator

from vtm.model.facts import Action, Resolved
from vtm.model.finding import Severity
from vtm.model.status import Status
from vtm.model.task import Task
from vtm.rules.case import Case
from vtm.rules.rule import Need, Problem, about, rule

_USABLE = Resolved()


@rule(
    "BLOCKED::MISSING-TESTS::<id>",
    Severity.ERROR,
    blocking=True,
    gates=(Action.COMPLETE,),
    backlog=True,
    needs=(Need.TESTS, Need.MERGED),
)
def check(case: Case) -> Iterator[Problem]:
    """A test that a task lists in `test_verification` does not exist or cannot be read.

    Why: the task is done when these tests say so. They are asked for when it is completed, and from then on
    wherever its commit is on main; before that they may not be written yet.

    Fails:
        tasks:
          - {task_id: A--T01, test_verification: [tests/test_login.py]}
        facts:
          action: complete
          tests: {tests/test_login.py: {problem: does not exist}}

    Passes:
        tasks:
          - {task_id: A--T01, test_verification: [tests/test_login.py (unit)]}
        facts:
          action: complete
          tests: {tests/test_login.py (unit): {path: tests/test_login.py}}

    Fix: write the test, or correct the path in `test_verification`.
    """
    for task in case.focus:
        if task.test_verification and _is_due(task, case):
            for index, path in enumerate(task.test_verification):
                problem = case.facts.tests.get(path, _USABLE).problem
                if problem:
                    place = case.backlog.at(task, "test_verification", index)
                    yield about(task, place, f"{task.task_id} lists the test {path}, which {problem}")


def _is_due(task: Task, case: Case) -> bool:
    if case.facts.action is Action.COMPLETE:
        return True
    evidence = case.backlog.state_of(task).evidence
    return (
        evidence is not None
        and evidence.commit in case.facts.merged
        and case.backlog.status(task.task_id) is Status.COMPLETED
    )
