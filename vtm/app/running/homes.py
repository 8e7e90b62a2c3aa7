"""How completed work gets to main, as a run has it."""

from vtm.app.app import App
from vtm.app.bringing_home import merge_one
from vtm.app.made_branches import MadeBranches
from vtm.app.worktrees import cleaned
from vtm.discovery import runtime_folder
from vtm.engine.running.handed import Homecoming
from vtm.git.merging import unmerged_branches
from vtm.model.backlog import Backlog
from vtm.model.facts import Caller
from vtm.model.status import Status
from vtm.model.task import Task
from vtm.queries.merged import How
from vtm.stores.worktrees import SqliteWorktrees


def brought_home(app: App, task: Task) -> Homecoming:
    """Merge the work on a completed task.

    Raises:
        VtmError: It cannot be tried.
    """
    found = merge_one(app, task.task_id, Caller(user="vtm"))
    if found.how in {How.MERGED, How.ALREADY}:
        return Homecoming(merged=True)
    reason = "\n".join(filter(None, (found.reason, found.output, found.fix)))
    back = found.how is How.HANDED_BACK
    return Homecoming(merged=False, codes=(found.code,), reason=reason, handed_back=back)


def taken_away(app: App, task: Task) -> str:
    """Take away worktree and branch of a task that is merged; why they are kept, empty: they are not.

    Raises:
        VtmError: They cannot be.
    """
    found = cleaned(app, task.task_id)
    return found.reason if found.kept else ""


def unmerged(app: App, backlog: Backlog) -> set[str]:
    """Ids of completed tasks whose branch has what main has not.

    Raises:
        ExternalError: Git cannot answer.
    """
    done = [each.task_id for each in backlog.tasks if backlog.status(each.task_id) is Status.COMPLETED]
    if not done or app.project.repository is None:
        return set()
    branches = unmerged_branches(app.project.repository, app.settings.git.main)
    made = MadeBranches(app.project)
    return {name for name in done if made.of(name) in branches}


def left_behind(app: App, backlog: Backlog) -> set[str]:
    """Ids of completed tasks that have a worktree still."""
    made = SqliteWorktrees(runtime_folder(app.project)).all()
    return {
        each.task for each in made if each.task in backlog and backlog.status(each.task) is Status.COMPLETED
    }
