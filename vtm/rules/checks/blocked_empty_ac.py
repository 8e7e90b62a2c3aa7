"""BLOCKED::EMPTY-AC."""

from collections.abc import Iterator

from vtm.model.facts import Action
from vtm.model.finding import Severity
from vtm.model.task import Task
from vtm.rules.case import Case
from vtm.rules.rule import Problem, about, rule


@rule("BLOCKED::EMPTY-AC::<id>", Severity.ERROR, blocking=True, gates=(Action.START,), backlog=True)
def check(case: Case) -> Iterator[Problem]:
    """A task has no acceptance criteria.

    Why: nobody can tell when it is done. For a task in a Markdown file, where criteria are often added late,
    it is a warning until the task is to be started.

    Fails:
        - {task_id: A--T01, acceptance_criteria: []}

    Passes:
        - task_id: A--T01
          acceptance_criteria: [{id: A--T01--AC01, text: A wrong password is refused}]

    Fix: write down in `acceptance_criteria` (Markdown: as `- [ ]` items) what must hold.
    """
    for task in case.focus:
        if not task.acceptance_criteria:
            place = case.backlog.at(task, "acceptance_criteria")
            yield about(task, place, f"{task.task_id} has no acceptance criteria", _severity(task, case))


def _severity(task: Task, case: Case) -> Severity | None:
    own_file = case.backlog.at(task).path != case.backlog.manifest_path
    return Severity.WARNING if own_file and case.facts.action in {None, Action.PREFLIGHT} else None
