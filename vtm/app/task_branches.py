"""Which branch is a task's."""

from vtm.app.app import App
from vtm.discovery import DATABASE, runtime_folder
from vtm.queries.commit_message import branch_of


def branch_of_task(app: App, task_id: str) -> str:
    """The branch that was made for a task, whatever its prefix; where none was, the one that it would have.

    Raises:
        ExternalError: The database cannot be used.
    """
    folder = runtime_folder(app.project)
    if not (folder / DATABASE).exists():
        return branch_of(task_id)
    from vtm.stores.worktrees import SqliteWorktrees  # noqa: PLC0415  sqlite3: 5 ms, only where it is used

    known = SqliteWorktrees(folder).of_task(task_id)
    return known.branch if known else branch_of(task_id)
