"""GAP::UNREADABLE."""

from collections.abc import Iterator

from vtm.model.finding import Damage, Severity
from vtm.rules.case import Case
from vtm.rules.defects import reported
from vtm.rules.rule import Problem, rule


@rule("GAP::UNREADABLE", Severity.ERROR, blocking=True)
def check(case: Case) -> Iterator[Problem]:
    """A file cannot be read or parsed as a whole.

    Why: whatever stands in it, tasks or their state, is unknown, and to go on would be to guess.

    Fails:
        defects:
          - damage: GAP::UNREADABLE
            message: docs/backlog/task-state.json ends in the middle
            location: {path: docs/backlog/task-state.json, line: 12, column: 1}
            fix: restore the rest of the file

    Passes:
        - {task_id: A--T01}

    Fix: restore the file, or correct it as the message says.
    """
    return reported(case, Damage.UNREADABLE)
