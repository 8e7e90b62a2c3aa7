"""The worktrees of tasks: made before the work, and taken away after it."""

from vtm.app.app import App
from vtm.app.worktree_making import Making
from vtm.app.worktree_places import alone, branch_with, top_of
from vtm.app.worktree_removing import Removing
from vtm.discovery import runtime_folder
from vtm.engine.request import refuse
from vtm.model.facts import Action
from vtm.model.finding import Finding
from vtm.model.task import Task
from vtm.queries.commit_message import PREFIX
from vtm.queries.worktree_cleaned import Cleaned
from vtm.queries.worktree_made import MadeWorktree
from vtm.rules.runner import gate_rules, judge
from vtm.stores.worktrees import SqliteWorktrees


def made(app: App, task: Task, prefix: str = PREFIX) -> MadeWorktree:
    """Make the worktree of a task, or find it made: one that is there is used as it is.

    `app` has read the backlog as it is to be judged. A main worktree with changes is no obstacle: what the
    branch is cut from is a commit.

    Raises:
        RefusedError: A gate refuses; nothing was made.
        WrongUsageError: Outside git, or the prefix makes no branch.
        ConflictError: Branch or path is taken, or the branch is gone that was recorded.
        ExternalError: There is no commit yet, or git, the system or the database refuses; nothing is left of
            what was made.
    """
    top = top_of(app)
    branch = branch_with(prefix, task.task_id)
    findings = _gates(app, task)
    refuse(findings, f"no worktree was made for {task.task_id}")
    store = SqliteWorktrees(runtime_folder(app.project))
    with alone(app, top) as git:
        return Making(git, top, store, app).of(task, branch, findings)


def cleaned(app: App, task_id: str, force: bool = False) -> Cleaned:
    """Take the worktree of a task away, if it is clean, merged into main and without lease and session.

    `app` has read the backlog as it is to be judged. `force` saves what is not committed first, see
    `vtm worktree rescue`; a branch that main lacks stays then. Whatever keeps the worktree is in the answer.

    Raises:
        WrongUsageError: Outside git.
        ConflictError: Somebody else is at it.
        ExternalError: Git, the system or the database refuses.
    """
    top = top_of(app)
    removing = Removing(app, top, SqliteWorktrees(runtime_folder(app.project)))
    try:
        with alone(app, top) as git:
            return removing.of(git, task_id, force=force)
    finally:
        removing.discard()


def _gates(app: App, task: Task) -> list[Finding]:
    rules = gate_rules(Action.WORKTREE)
    return app.placed(judge(app.case(app.backlog, rules, [task], action=Action.WORKTREE), rules))
