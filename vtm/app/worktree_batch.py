"""Worktrees of several tasks."""

from collections.abc import Sequence

from vtm.app.app import App
from vtm.app.worktree_places import branch_with, top_of
from vtm.app.worktree_views import Views
from vtm.app.worktrees import cleaned, made
from vtm.errors import ExitCode, VtmError
from vtm.model.naming import task_named
from vtm.model.refusal import RefusedError
from vtm.queries.worktree_cleaned import Cleaned, Cleanup
from vtm.queries.worktree_made import Made, NotMade


def made_all(app: App, names: Sequence[str], prefix: str) -> tuple[Made, ExitCode]:
    """Make the worktree of each task; one that cannot be made keeps no other from it. With the exit code.

    Raises:
        WrongUsageError: A task is unknown, the prefix makes no branch, or this is outside git; none was made.
    """
    top_of(app)
    tasks = [task_named(app.backlog, each) for each in dict.fromkeys(names)]
    for task in tasks:
        branch_with(prefix, task.task_id)
    worktrees, failed, code = [], [], ExitCode.OK
    for task in tasks:
        try:
            worktrees.append(made(app, task, prefix))
        except VtmError as error:
            failed += _reasons(task.task_id, error)
            code = code or error.exit_code
    return Made(worktrees, failed), code


def _reasons(task_id: str, error: VtmError) -> list[NotMade]:
    if isinstance(error, RefusedError):
        return [NotMade(task_id, each.code, each.message, each.fix) for each in error.findings]
    return [NotMade(task_id, error.code, error.message, error.fix)]


def cleaned_all(app: App, names: Sequence[str], *, force: bool) -> Cleanup:
    """Take away the worktrees of these tasks, or of all; one that cannot be taken keeps no other from it.

    Raises:
        WrongUsageError: A task is neither declared nor has a worktree; none was taken away.
        ExternalError: Git or the database cannot be asked.
    """
    there = Views(app).tasks()
    known = [
        each if each in there else task_named(app.backlog, each).task_id for each in dict.fromkeys(names)
    ]
    return Cleanup([_cleaned(app, each, force=force) for each in (known if names else there)])


def _cleaned(app: App, task_id: str, *, force: bool) -> Cleaned:
    try:
        return cleaned(app, task_id, force)
    except VtmError as error:
        return Cleaned(task_id, "", kept=True, code=error.code, reason=error.message)
