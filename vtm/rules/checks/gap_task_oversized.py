"""GAP::TASK-OVERSIZED."""

from collections.abc import Iterator

from vtm.model.finding import Severity
from vtm.model.status import Size
from vtm.rules.case import Case
from vtm.rules.rule import Problem, about, rule

MOST = 10
"""Most acceptance criteria of a task, whatever its size."""

MOST_OF_LARGE = 8
"""Most acceptance criteria of a task of size L."""


@rule("GAP::TASK-OVERSIZED", Severity.WARNING)
def check(case: Case) -> Iterator[Problem]:
    """A task has more than 10 acceptance criteria, or more than 8 at size L.

    Why: it will not fit one session of an agent or one review, and it stays in progress for too long.

    Fails:
        - task_id: A--T01
          est: {size: L}
          acceptance_criteria:
            [{id: a}, {id: b}, {id: c}, {id: d}, {id: e}, {id: f}, {id: g}, {id: h}, {id: i}]

    Passes:
        - task_id: A--T01
          est: {size: L}
          acceptance_criteria:
            [{id: a}, {id: b}, {id: c}, {id: d}, {id: e}, {id: f}, {id: g}, {id: h}]

    Fix: split the task into tasks that depend on each other.
    """
    for task in case.focus:
        count = len(task.acceptance_criteria)
        most = MOST_OF_LARGE if task.size is Size.L else MOST
        if count > most:
            of_size = f" of size {task.size}" if most < MOST else ""
            what = (
                f"{task.task_id} has {count} acceptance criteria; a task{of_size} should have at most {most}"
            )
            yield about(task, case.backlog.at(task, "acceptance_criteria"), what)
