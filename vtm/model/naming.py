"""Finds what a user names, and offers the nearest names for what does not exist."""

from collections.abc import Sequence

from vtm.errors import WrongUsageError
from vtm.model.backlog import Backlog
from vtm.model.status import Status
from vtm.model.task import Task


def task_named(backlog: Backlog, name: str) -> Task:
    """The task with this id.

    Raises:
        WrongUsageError: There is none.
    """
    if name in backlog:
        return backlog[name]
    near = nearest(name, [task.task_id for task in backlog.tasks])
    hint = f"did you mean {' or '.join(near)}?" if near else "`vtm list` shows all ids"
    if backlog.unread:
        hint += f"; or correct {backlog.unread[0]}, which cannot be read: `vtm validate` says why"
    raise WrongUsageError(f"there is no task {name}", code="UNKNOWN-TASK", fix=hint)


def criteria_named(backlog: Backlog, task: Task, names: Sequence[str]) -> tuple[str, ...]:
    """The ids of criteria of a task; one may be named by the end of its id, as `AC01` where no other has it.

    Raises:
        WrongUsageError: The task has no such criterion.
    """
    own = [each.id for each in task.acceptance_criteria]
    found: dict[str, None] = {}
    for name in names:
        ends = {each for each in own if each.endswith(f"-{name}")}
        if name not in own and len(ends) != 1:
            raise _unknown_criterion(backlog, task, name, own)
        found[name if name in own else ends.pop()] = None
    return tuple(found)


def _unknown_criterion(backlog: Backlog, task: Task, name: str, own: Sequence[str]) -> WrongUsageError:
    others = [
        each.task_id for each in backlog.tasks if any(one.id == name for one in each.acceptance_criteria)
    ]
    near = nearest(name, own)
    if others:
        message, fix = f"{name} is a criterion of {others[0]}, not of {task.task_id}", f"name {others[0]}"
    else:
        message = f"{task.task_id} has no criterion {name}"
        fix = f"did you mean {' or '.join(near)}?" if near else f"it has {', '.join(own) or 'none'}"
    return WrongUsageError(message, code="UNKNOWN-CRITERION", fix=fix)


def unmet_dependency(backlog: Backlog, task: Task, name: str) -> str:
    """A dependency of `task` that is neither completed nor waived.

    Raises:
        WrongUsageError: It has no such dependency, or that one needs no waiver.
    """
    declared = task.depends_on_tasks
    if name not in declared:
        near = nearest(name, declared)
        fix = f"did you mean {' or '.join(near)}?" if near else f"it has {', '.join(declared) or 'none'}"
        raise WrongUsageError(f"{task.task_id} has no dependency {name}", code="UNKNOWN-DEPENDENCY", fix=fix)
    done = backlog.status(name) is Status.COMPLETED
    if done or name in backlog.state_of(task).waived:
        what = "completed" if done else "waived already"
        raise WrongUsageError(f"{name} is {what}", code="USAGE", fix="there is nothing to waive")
    return name


def nearest(name: str, known: Sequence[str]) -> list[str]:
    """The names that `name` may have been meant to be, at most three."""
    exact = [each for each in known if each.casefold() == name.casefold()]
    within = [each for each in known if name and name.casefold() in each.casefold()]
    if exact or within:
        return exact or within[:3]
    from difflib import get_close_matches  # noqa: PLC0415  2 ms, only for a wrong name

    return get_close_matches(name, known, 3, 0.5)
