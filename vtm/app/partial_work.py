"""Keeps what a worker leaves unfinished on the branch of its task."""

from typing import NamedTuple

from vtm.app.app import App
from vtm.app.own_files import own_files
from vtm.app.task_branches import branch_of_task
from vtm.errors import VtmError
from vtm.queries.commit_message import unfinished_message


class Kept(NamedTuple):
    """What became of work that was not committed.

    Attributes:
        branch: Of the task; empty outside git.
        commit: The one that was made of it; empty: none.
        said: The sentence that says so, or says where it is instead.
    """

    branch: str
    commit: str
    said: str


def kept(app: App, task_id: str, reason: str, branch: str = "") -> Kept:
    """Commit what is changed in the caller's worktree, if that has the branch of the task checked out.

    It never fails: who cannot go on must be able to leave.
    """
    if app.project.repository is None:
        return Kept("", "", f"nothing is committed outside git: what was changed is in {app.project.work}")
    from vtm.git.head import branch_at  # noqa: PLC0415  only inside git
    from vtm.git.partial_work import commit_all  # noqa: PLC0415  subprocess: 4 ms

    branch = branch or branch_of_task(app, task_id)
    here = branch_at(app.project.work)
    if here != branch:
        on = f"has {here} checked out" if here else "has no branch checked out"
        where = f"{app.project.work} {on}, not {branch}"
        return Kept(branch, "", f"nothing was committed: {where}; what is changed elsewhere is still there")
    mine = own_files(app)
    try:
        commit = commit_all(app.project.work, unfinished_message(task_id, reason), (mine.state, mine.journal))
    except VtmError as error:
        said = f"not committed: {error.message}; what was changed is still in {app.project.work}"
        return Kept(branch, "", said)
    if not commit:
        return Kept(branch, "", f"nothing was left to commit on {branch}")
    return Kept(branch, commit, f"what was left is committed on {branch} as {commit[:12]}")
