"""Which branch is a task's, and which task is a branch's."""

from vtm.app.app import App
from vtm.app.made_branches import MadeBranches
from vtm.model.task import Task
from vtm.queries.commit_message import PREFIX, branch_of


def branch_of_task(app: App, task_id: str) -> str:
    """The branch that was made for a task, whatever its prefix; where none was, the one that it would have.

    Raises:
        ExternalError: The database cannot be used.
    """
    return MadeBranches(app.project).of(task_id)


def task_of_branch(app: App, branch: str) -> Task | None:
    """The task whose branch this is, whatever its prefix; None: nobody's.

    The backlog is read only where it could be one.

    Raises:
        ExternalError: The database cannot be used.
    """
    made = MadeBranches(app.project).task(branch) if branch else ""
    if made and made in app.backlog:
        return app.backlog[made]
    if not branch.startswith(PREFIX):
        return None
    name = branch.removeprefix(PREFIX)
    if name in app.backlog and branch_of(name) == branch:
        return app.backlog[name]
    return next((each for each in app.backlog.tasks if branch_of(each.task_id) == branch), None)
