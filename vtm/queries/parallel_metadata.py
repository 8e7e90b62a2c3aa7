"""Whether tasks say what has to be known before they may run side by side."""

from collections.abc import Sequence

from vtm.model.backlog import Backlog
from vtm.model.finding import Finding, Severity
from vtm.model.task import Task
from vtm.rules.registry import load
from vtm.rules.wording import listed

_CODE = "WARN::PARALLEL-METADATA-MISSING"
_NAMED = 3


def metadata_missing(backlog: Backlog, tasks: Sequence[Task]) -> Finding | None:
    """Why `tasks` of `backlog` cannot be planned side by side; None: all of them say what is needed.

    It is the finding of the rule, about these tasks alone. It is no matter of settings: it says why the plan
    is not the one that was asked for.
    """
    silent = [
        task
        for task in tasks
        if task.parallel is None
        or task.conflicts_with is None
        or (task.parallel and task.task_id in task.conflicts_with)
    ]
    if not silent:
        return None
    first = listed([task.task_id for task in silent[:_NAMED]], len(silent))
    what = f"parallel and conflicts_with are not both declared, or contradict each other, on {first}"
    message = f"planned one after another: {what}"
    return Finding(_CODE, Severity.WARNING, message, load(_CODE).fix, backlog.at(silent[0], "parallel"))
