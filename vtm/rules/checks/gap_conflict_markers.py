"""GAP::CONFLICT-MARKERS."""

from collections.abc import Iterator

from vtm.model.finding import Damage, Severity
from vtm.rules.case import Case
from vtm.rules.defects import reported
from vtm.rules.rule import Problem, rule


@rule("GAP::CONFLICT-MARKERS", Severity.ERROR, blocking=True)
def check(case: Case) -> Iterator[Problem]:
    """A file holds the conflict markers of a merge.

    Why: it holds two versions of the same lines, and only a person can say which one counts.

    Fails:
        defects:
          - damage: GAP::CONFLICT-MARKERS
            message: docs/backlog/task-state.json holds conflict markers of a merge
            location: {path: docs/backlog/task-state.json, line: 4, column: 1}
            fix: resolve the merge conflict

    Passes:
        - {task_id: A--T01}

    Fix: resolve the merge and remove the markers.
    """
    return reported(case, Damage.CONFLICT_MARKERS)
