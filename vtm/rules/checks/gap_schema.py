"""GAP::SCHEMA."""

from collections.abc import Iterator

from vtm.model.finding import Damage, Severity
from vtm.rules.case import Case
from vtm.rules.defects import reported
from vtm.rules.rule import Problem, about, rule


@rule("GAP::SCHEMA", Severity.ERROR, blocking=True)
def check(case: Case) -> Iterator[Problem]:
    """An entry of a file does not fit its schema.

    Why: what cannot be read is replaced by a default, so the task may not be what its author meant.

    Fails:
        defects:
          - damage: GAP::SCHEMA
            message: "provisional: 'yes' is not of type 'boolean'"
            location: {path: docs/backlog/virtual-task-manifest.json, pointer: [tasks, 0, provisional]}
            fix: write true or false
            task_id: A--T01

    Passes:
        - {task_id: A--T01, provisional: true}

    Fix: correct the value as the message says.
    """
    yield from reported(case, Damage.SCHEMA)
    for task in case.focus:
        for index, criterion in enumerate(task.acceptance_criteria):
            if not criterion.id.isprintable():
                place = case.backlog.at(task, "acceptance_criteria", index, "id")
                what = f"{task.task_id} has a criterion with a control character in its id: {criterion.id!r}"
                yield about(task, place, what)
