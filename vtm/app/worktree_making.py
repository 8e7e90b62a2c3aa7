"""How the worktree of a task is made."""

from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn

from vtm.app.app import App
from vtm.app.made_branches import MadeBranches
from vtm.app.worktree_places import place_of
from vtm.errors import ConflictError, ExternalError
from vtm.git.places import same_place
from vtm.git.standing import standing
from vtm.git.worktrees import Branch, Head, Survey, Worktrees
from vtm.model.finding import Finding
from vtm.model.task import Task
from vtm.queries.commands import WORKTREES
from vtm.queries.commit_message import branch_of
from vtm.queries.shell_words import call, word
from vtm.queries.worktree_made import MadeWorktree
from vtm.stores.worktrees import SqliteWorktrees, Worktree
from vtm.stores.worktrees_folder import kept_out_of_git


class Making:
    """Makes worktrees, while nobody else does."""

    def __init__(self, git: Worktrees, top: Path, store: SqliteWorktrees, app: App) -> None:
        self._git, self._top, self._store, self._app = git, top, store, app

    def of(self, task: Task, branch: str, findings: list[Finding]) -> MadeWorktree:
        """The worktree of `task`."""
        known = self._store.of_task(task.task_id)
        usual = branch_of(task.task_id)
        there = known.branch if known else MadeBranches(self._app.project).of(task.task_id)
        branch = branch if there == usual and not known else there
        path = place_of(self._top, branch)
        survey = self._git.survey(self._app.settings.git.main, branch)
        main = survey.main or self._without_main()
        if known and survey.own is None:
            raise _gone(known)
        if survey.own and survey.own.checkout:
            found = self._found(task, survey.own, main, known)
            if found:
                return found
        self._refuse_taken(path, branch, survey)
        base = self._git.parting(main.commit, survey.own.commit) if survey.own else main.commit
        self._add(path, branch, "" if survey.own else base)
        self._record(Worktree(task.task_id, branch, str(path), base, self._app.instant), survey)
        return MadeWorktree(task.task_id, branch, str(path), base, True, findings)

    def _found(self, task: Task, own: Branch, main: Branch, known: Worktree | None) -> MadeWorktree | None:
        """The worktree as it is there; None: its folder is gone, and git has forgotten it now."""
        path = place_of(self._top, own.name)
        at = own.checkout or path
        if not same_place(at, path):
            raise ConflictError(
                f"branch {own.name} is checked out in {at}",
                code="WORKTREE-BRANCH-TAKEN",
                fix=f"check out another branch there, or remove it with `git worktree remove {word(str(at))}`"
                if at.exists()
                else f"it is gone: `{call('worktree cleanup', task.task_id)}` lets git forget it",
            )
        if known is None and self._git.is_unfinished(path):
            self._git.undo(path, own.name)
            return None
        if not at.is_dir():
            self._git.forget(at)
            return None
        if known is None:
            base = self._git.parting(main.commit, own.commit)
            known = Worktree(task.task_id, own.name, str(path), base, self._app.instant)
            self._store.keep(known)
        return MadeWorktree(task.task_id, own.name, str(path), known.base, False)

    def _refuse_taken(self, path: Path, branch: str, survey: Survey) -> None:
        stands = standing(path, self._top)
        if stands:
            raise ConflictError(
                f"{path} has {stands.branch or 'no branch'} checked out, not {branch}",
                code="WORKTREE-OTHER-BRANCH",
                fix=f"finish what goes on there, then `git switch {branch}`",
            )
        if path.exists() or path.is_symlink():
            raise ConflictError(
                f"{path} exists, and is not the worktree of this task",
                code="WORKTREE-PATH-TAKEN",
                fix="look at what it is, move it away, and run it again",
            )
        if survey.below:
            raise _clash(branch, survey.below[0])

    def _add(self, path: Path, branch: str, start: str) -> None:
        kept_out_of_git(self._top / WORKTREES)
        try:
            self._git.add(path, branch, start)
        except ExternalError:
            if start and (above := self._git.above(branch)):
                raise _clash(branch, above) from None
            raise

    def _record(self, made: Worktree, survey: Survey) -> None:
        """Check with git what was made, and write it down; where either fails, it is taken away again."""
        path, start = Path(made.path), "" if survey.own else made.base
        commit = survey.own.commit if survey.own else made.base
        with ExitStack() as undoing:
            undoing.callback(self._git.undo, path, made.branch, start)
            _check(self._git.head(path), path, made.branch, commit)
            self._store.keep(made)
            undoing.pop_all()

    def _without_main(self) -> NoReturn:
        named = " or ".join(self._app.settings.git.main) or "none"
        if not self._git.has_commit():
            raise ExternalError(
                "there is no commit yet, and a worktree is cut from one",
                code="NO-COMMIT",
                fix="commit what is there, and run it again",
            )
        raise ExternalError(
            f"there is no main branch to cut a worktree from: the settings name {named}",
            code="NO-MAIN-BRANCH",
            fix="name it in vtm.toml under [git] main",
        )


def _check(head: Head, path: Path, branch: str, commit: str) -> None:
    """Let nothing pass but what was asked for."""
    if (head.branch, head.commit) != (branch, commit) or not same_place(head.top, path):
        raise ExternalError(
            f"git made another worktree than {branch}: there is {head.branch or 'none'} at {head.commit}",
            code="GIT-FAILED",
            fix="see what the project's hooks do after a checkout",
        )


def _gone(known: Worktree) -> ConflictError:
    return ConflictError(
        f"branch {known.branch} was made for {known.task} and is gone; it is not cut anew",
        code="WORKTREE-BRANCH-GONE",
        fix=f"bring it back with `git branch {known.branch} COMMIT`, or let go of it with "
        f"`{call('worktree cleanup', known.task)}`",
    )


def _clash(branch: str, other: str) -> ConflictError:
    return ConflictError(
        f"git cannot have a branch {branch} beside {other}: one name is the beginning of the other",
        code="WORKTREE-BRANCH-CLASH",
        fix=f"rename {other} with `git branch -m`, or take another --prefix",
    )
