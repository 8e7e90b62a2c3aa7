"""Finds what a user names, and offers the nearest names for what does not exist."""

from difflib import get_close_matches

from vtm.errors import WrongUsageError
from vtm.model.backlog import Backlog
from vtm.model.task import Task


def task_named(backlog: Backlog, name: str) -> Task:
    """The task with this id.

    Raises:
        WrongUsageError: There is none.
    """
    if name in backlog:
        return backlog[name]
    ids = [task.task_id for task in backlog.tasks]
    exact = [each for each in ids if each.casefold() == name.casefold()]
    within = [each for each in ids if name and name.casefold() in each.casefold()]
    near = exact or within[:3] or get_close_matches(name, ids, 3, 0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "`vtm list` shows all ids"
    raise WrongUsageError(f"there is no task {name}", code="UNKNOWN-TASK", fix=hint)
