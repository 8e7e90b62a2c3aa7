"""How the worktree of a task is taken away."""

from contextlib import ExitStack
from pathlib import Path

from msgspec.structs import replace

from vtm.app.app import App
from vtm.app.made_branches import MadeBranches
from vtm.app.worktree_obstacles import Case, obstacle
from vtm.app.worktree_places import REMOVED, place_of, rescue_name, room_of
from vtm.errors import VtmError
from vtm.git.containing import Containing
from vtm.git.places import remove_empty
from vtm.git.rescues import Rescues
from vtm.git.standing import changed_in, standing
from vtm.git.worktrees import Survey, Worktrees
from vtm.queries.commands import WORKTREES
from vtm.queries.worktree_cleaned import Cleaned
from vtm.stores.removing import discard, left_over, put_back, set_aside
from vtm.stores.worktrees import SqliteWorktrees, Worktree


class Removing:
    """Takes worktrees away."""

    def __init__(self, app: App, top: Path, store: SqliteWorktrees) -> None:
        self._app, self._top, self._store = app, top, store
        self._aside: list[Path] = []

    def discard(self) -> None:
        """Delete what was taken away: that takes its time, and nobody needs to wait for it."""
        for each in self._aside:
            discard(each)

    def of(self, git: Worktrees, task_id: str, *, force: bool) -> Cleaned:
        """Take that of a task away, while nobody else makes or takes any."""
        self._aside += left_over(self._top / WORKTREES / REMOVED)
        known = self._store.of_task(task_id)
        branch = known.branch if known else MadeBranches(self._app.project).of(task_id)
        path = place_of(self._top, branch)
        survey = git.survey(self._app.settings.git.main, branch)
        answer = Cleaned(task_id, branch, str(path), branch_kept=survey.own is not None)
        merged = self._is_merged(survey)
        stands = standing(path, self._top)
        if stands is None:
            return self._without_folder(git, answer, survey, known, merged=merged)
        case = Case(self._app, task_id, branch, path, stands, merged=merged)
        found = obstacle(case, force=force)
        if found:
            return replace(answer, kept=True, code=found.code, reason=found.reason)
        answer = self._rescued(answer, case) if force else answer
        if answer.kept:
            return answer
        return self._removed(git, answer, survey, merged=merged)

    def _is_merged(self, survey: Survey) -> bool:
        """Whether main has all that the branch has."""
        if survey.main is None or survey.own is None:
            return survey.own is None
        if survey.own.commit in {survey.main.commit, *survey.main.parents}:  # no process is needed to know
            return True
        return Containing(self._top, survey.main.commit).has(survey.own.commit)

    def _without_folder(
        self, git: Worktrees, answer: Cleaned, survey: Survey, known: Worktree | None, *, merged: bool
    ) -> Cleaned:
        """Clear up after a worktree whose folder is gone, or that never was."""
        path = Path(answer.path)
        if path.exists() or path.is_symlink():
            what = f"{path} is no worktree of this repository"
            return replace(answer, kept=True, code="NOT-A-WORKTREE", reason=what)
        there = survey.own.checkout if survey.own else None
        if there and there.exists():
            what = f"branch {answer.branch} is checked out in {there}, where vtm takes nothing away"
            return replace(answer, path="", reason=what)
        if known is None and there is None:
            return replace(answer, path="", reason="it has none")
        git.forget(there or path)
        answer = self._let_go(git, answer, survey, merged=merged)
        if there:
            return replace(answer, path=str(there), removed=True, reason="its folder was deleted by hand")
        what = "its branch is gone, which is forgotten now" if survey.own is None else "it has none"
        return replace(answer, path="", reason=what)

    def _rescued(self, answer: Cleaned, case: Case) -> Cleaned:
        """Save what is not committed; where that fails the worktree is kept."""
        if case.stands.branch and not changed_in(case.path):
            return answer
        try:
            ref = Rescues(self._top).save(case.path, rescue_name(case.task), room_of(self._app))
        except (VtmError, OSError) as error:
            said = error.message if isinstance(error, VtmError) else str(error.strerror or error).lower()
            what = f"what is not committed could not be saved: {said}"
            return replace(answer, kept=True, code="RESCUE-FAILED", reason=what)
        return replace(answer, rescue=ref)

    def _removed(self, git: Worktrees, answer: Cleaned, survey: Survey, *, merged: bool) -> Cleaned:
        path = Path(answer.path)
        try:
            aside = set_aside(path, self._top / WORKTREES / REMOVED)
        except OSError as error:
            what = f"{path} may not be moved away: {(error.strerror or 'it failed').lower()}"
            return replace(answer, kept=True, code="NOT-REMOVED", reason=what)
        with ExitStack() as undoing:
            undoing.callback(put_back, aside, path)
            git.forget(path)
            undoing.pop_all()
        self._aside.append(aside.parent)
        remove_empty(path.parent, self._top / WORKTREES)
        return replace(self._let_go(git, answer, survey, merged=merged), removed=True)

    def _let_go(self, git: Worktrees, answer: Cleaned, survey: Survey, *, merged: bool) -> Cleaned:
        """Delete the branch if main has all of it, and forget what was recorded."""
        if survey.own is None or merged:
            self._store.forget(answer.task)
        deleted = survey.own is not None and merged and git.delete(answer.branch, survey.own.commit)
        return replace(answer, branch_kept=survey.own is not None and not deleted)
