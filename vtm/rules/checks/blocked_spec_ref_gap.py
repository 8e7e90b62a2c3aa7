"""BLOCKED::SPEC-REF-GAP."""

from collections.abc import Iterator

from vtm.model.facts import Action
from vtm.model.finding import Severity
from vtm.model.status import Risk, Status
from vtm.model.task import Task
from vtm.rules.case import Case
from vtm.rules.rule import Problem, about, rule

_OVER = frozenset({Status.COMPLETED, Status.ABANDONED})


@rule("BLOCKED::SPEC-REF-GAP::<id>", Severity.ERROR, blocking=True, gates=(Action.START,), backlog=True)
def check(case: Case) -> Iterator[Problem]:
    """A High task that is still to be done names no tests in `test_verification`.

    Why: High tasks are written test first, so whoever does one must know which tests. Where no task of the
    backlog has the key, that is one warning for all of them, or with `--strict` an error for each.

    Fails:
        - {task_id: A--T01, risk: High, test_verification: []}

    Passes:
        - {task_id: A--T01, risk: High, test_verification: [tests/test_login.py]}
        - {task_id: A--T02, risk: Medium}

    Fix: list the paths of the tests in `test_verification`; they need not exist yet.
    """
    declared = any(task.test_verification is not None for task in case.backlog.tasks)
    if declared or case.facts.strict:
        for task in case.focus:
            if not task.test_verification and _is_concerned(task, case):
                yield _gap(task, case)
    else:
        count = sum(_is_concerned(task, case) for task in case.backlog.tasks)
        if count:
            need = "1 High task needs" if count == 1 else f"{count} High tasks need"
            what = f"no task declares test_verification, which {need}"
            yield Problem(case.backlog.at_manifest("tasks"), what, severity=Severity.WARNING)


def _is_concerned(task: Task, case: Case) -> bool:
    return task.risk is Risk.HIGH and case.backlog.status(task.task_id) not in _OVER


def _gap(task: Task, case: Case) -> Problem:
    if task.test_verification is None:
        return about(task, case.backlog.at(task), f"{task.task_id} is High and has no test_verification")
    place = case.backlog.at(task, "test_verification")
    return about(task, place, f"{task.task_id} is High and its test_verification is empty")
