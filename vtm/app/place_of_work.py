"""Where the work on a task was done, whoever tells of it."""

from vtm.app.app import App
from vtm.app.task_branches import branch_of_task
from vtm.discovery import Project


def at_the_work(app: App, task_id: str) -> App:
    """The app as in the worktree that has the branch of a task checked out; else as it is.

    A coordinator tells on main what was done elsewhere: the files and commits of main do not show it.

    Raises:
        ExternalError: Git cannot answer.
    """
    project = app.project
    if project.repository is None:
        return app
    from vtm.git.checkouts import checkout_of  # noqa: PLC0415  subprocess: 4 ms
    from vtm.git.head import branch_at  # noqa: PLC0415  only inside git

    branch = branch_of_task(app, task_id)
    if branch_at(project.work) == branch:
        return app
    top = checkout_of(project.work, branch)
    if top is None or not project.root.is_relative_to(project.repository):
        return app
    work = top / project.root.relative_to(project.repository)
    return App(Project(project.root, work, project.repository), app.fixed_now) if work.is_dir() else app


def commit_of_work(app: App, task_id: str) -> str:
    """The commit that holds the work on a task: that of its branch where main is checked out, else HEAD.

    Empty outside git, and where there is no commit.

    Raises:
        ExternalError: Git cannot answer.
    """
    project = app.project
    if project.repository is None:
        return ""
    from vtm.git.head import branch_at  # noqa: PLC0415  only inside git
    from vtm.git.repository import GitRepository  # noqa: PLC0415  subprocess: 4 ms

    git = GitRepository(project.repository, project.work)
    on_main = branch_at(project.work) in app.settings.git.main
    return (on_main and git.commit(f"refs/heads/{branch_of_task(app, task_id)}")) or git.commit("HEAD")
