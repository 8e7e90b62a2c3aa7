"""GAP::TASK-DEP-CYCLE."""

from collections.abc import Iterator

from vtm.graph.lookup import Cycle, cycles, is_on_cycle
from vtm.model.finding import Severity
from vtm.rules.case import Case
from vtm.rules.rule import Problem, rule

_SHOWN = 20
_HALF = _SHOWN // 2


@rule("GAP::TASK-DEP-CYCLE", Severity.ERROR, blocking=True)
def check(case: Case) -> Iterator[Problem]:
    """Tasks depend on each other in a circle.

    Why: none of them can become eligible, and neither can anything that waits for them.

    Fails:
        - {task_id: A--T01, depends_on_tasks: [A--T02]}
        - {task_id: A--T02, depends_on_tasks: [A--T01]}

    Passes:
        - {task_id: A--T01}
        - {task_id: A--T02, depends_on_tasks: [A--T01]}

    Fix: remove one dependency of the circle, or split a task so that the circle opens.
    """
    if len(case.focus) == 1 and not is_on_cycle(case.focus[0], case.backlog):
        return
    judged = {task.task_id for task in case.focus}
    for cycle in cycles(case.backlog):
        if not judged.isdisjoint(cycle.members):
            place = case.backlog.at(case.backlog[cycle.members[0]], "depends_on_tasks")
            yield Problem(place, f"{_drawn(cycle.path)} is a cycle{_rest(cycle)}", tuple(cycle.members))


def _drawn(path: list[str]) -> str:
    if len(path) > _SHOWN:
        path = [*path[:_HALF], f"... ({len(path) - _SHOWN} tasks) ...", *path[-_HALF:]]
    return " -> ".join(path)


def _rest(cycle: Cycle) -> str:
    more = len(cycle.members) - len(cycle.path) + 1
    return f", and {more} more in the same knot" if more else ""
