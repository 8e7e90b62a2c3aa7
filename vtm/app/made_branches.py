"""The branches that were made for tasks."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from vtm.discovery import DATABASE, Project, runtime_folder
from vtm.git.head import branches_below
from vtm.queries.commands import WORKTREES
from vtm.queries.commit_message import PREFIX, branch_of


class MadeBranches:
    """Branches by task, as they are known when the first one is asked for.

    A worktree may have been made with another prefix than usual. One that is not recorded, as when the
    database was lost, is known by its place. Every method raises `ExternalError` where the database cannot be
    used.
    """

    def __init__(self, project: Project) -> None:
        self._project = project

    def of(self, task_id: str) -> str:
        """The branch that was made for a task; where none was, the one that it would have."""
        usual = branch_of(task_id)
        if task_id in self._made:
            return self._made[task_id]
        found = self._unrecorded.get(usual.removeprefix(PREFIX), [])
        return usual if usual in found or not found else found[0]

    def task(self, branch: str) -> str:
        """Id of the task that a branch was made for; empty: it was made for none."""
        return next((task for task, name in self._made.items() if name == branch), "")

    @cached_property
    def _unrecorded(self) -> Mapping[str, Sequence[str]]:
        """The last part of their names to branches that have a worktree and are recorded for no task."""
        top, recorded = self._project.repository, set(self._made.values())
        names: dict[str, list[str]] = {}
        for branch in branches_below(top, WORKTREES) if top else ():
            if branch not in recorded:
                names.setdefault(branch.rpartition("/")[2], []).append(branch)
        return names

    @cached_property
    def _made(self) -> Mapping[str, str]:
        folder = runtime_folder(self._project)
        if not (folder / DATABASE).exists():
            return {}
        from vtm.stores.worktrees import SqliteWorktrees  # noqa: PLC0415  sqlite3: 5 ms, only where it is used

        return {each.task: each.branch for each in SqliteWorktrees(folder).all()}
