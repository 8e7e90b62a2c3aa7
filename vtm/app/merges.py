"""The project at hand, as a merge sees it."""

import posixpath
from collections.abc import Sequence
from pathlib import Path

from vtm.app.app import App
from vtm.app.dependencies import lacking
from vtm.app.made_branches import MadeBranches
from vtm.app.own_files import own_files
from vtm.errors import VtmError
from vtm.git.contents import Contents
from vtm.git.head import branch_in, git_dir_at, unfinished_in
from vtm.git.merging import Mainline
from vtm.model.backlog import Backlog
from vtm.model.facts import Action, BranchFacts, Facts
from vtm.model.finding import Finding
from vtm.model.own_path import is_own
from vtm.model.task import Task
from vtm.ports.merging import Branch, Merges, Red
from vtm.rules.case import Case
from vtm.rules.runner import gate_rules, judge
from vtm.sources.files import read_bytes
from vtm.sources.task_difference import differ_in_state_only


class AppMerges(Merges):
    """The project at hand, in the repository whose main worktree is at `top`."""

    def __init__(self, app: App, top: Path, mainline: Mainline) -> None:
        self._app = app
        self._top = top
        self._mainline = mainline
        self._contents = Contents.at(top)
        self._own = own_files(app)
        self._branches = MadeBranches(app.project)

    def branch_of(self, task_id: str) -> str:
        """The branch on which a task is, or would be, worked at."""
        return self._branches.of(task_id)

    def allow(self, name: str, main: Branch) -> None:
        """Let nothing be merged to the branch `name`, which is `main`, where it would be in somebody's way.

        Raises:
            VtmError: It would be.
        """
        for top in dict.fromkeys((main.checkout or self._top, self._top)):
            git_dir = git_dir_at(Path(top))
            unfinished = unfinished_in(git_dir) if git_dir else ""
            if unfinished:
                raise VtmError(
                    f"{unfinished} is not finished",
                    code="UNFINISHED-IN-GIT",
                    fix="finish it or abort it, `git status` shows how, and run it again",
                )
        if not main.checkout and git_dir and not branch_in(git_dir):
            raise VtmError(
                "no branch is checked out",
                code="DETACHED-HEAD",
                fix=f"check out {name} or another branch and run it again",
            )
        dirt = self._dirt(main.checkout) if main.checkout and self._app.settings.git.gate else []
        if dirt:
            more = f", and {len(dirt) - 1} more" if len(dirt) > 1 else ""
            raise VtmError(
                f"{name} has changes that are not committed: {dirt[0]}{more}",
                code="BLOCKED::DIRTY-GIT-STATUS",
                fix="commit them or put them aside with `git stash`",
            )

    def own(self, paths: Sequence[str], before: str, after: str) -> list[str]:
        """Those of `paths` that vtm alone writes, or that differ between two trees in what it writes."""
        asked = self._task_files(paths)
        was, now = (self._contents.of(asked, tree) for tree in (before, after))
        both = [each for each in asked if each in was and each in now]
        in_state = {each for each in both if differ_in_state_only(was[each], now[each])}
        return [each for each in paths if self._is_own(each) or each in in_state]

    def findings(self, backlog: Backlog, task: Task, branch: str, paths: Sequence[str]) -> list[Finding]:
        """What the gates say of a branch that changes `paths`, relative to the top level."""
        below = [posixpath.relpath(each, self._own.folder or ".") for each in paths]
        changed = BranchFacts(branch, tuple(below))
        facts = Facts(now=self._app.now, settings=self._app.settings, action=Action.MERGE, branch=changed)
        return self._app.placed(judge(Case(backlog, facts, [task]), gate_rules(Action.MERGE)))

    def lacking(self, backlog: Backlog, task: Task) -> list[str]:
        """The dependencies of a task whose work main lacks."""
        if not task.depends_on_tasks:
            return []
        return list(lacking(self._top, self._app.settings.git.main, backlog, [task], self.branch_of))

    def red(self, commit: str, task_id: str) -> Red | None:
        """The first check that fails on the files of `commit`; None: all pass, or there are none."""
        if not self._app.settings.gate.after:
            return None
        from vtm.app.merge_tests import MergeTests  # noqa: PLC0415  asyncio: 30 ms, only where tests are set

        return MergeTests(self._app, self._top).red(commit, task_id)

    def _dirt(self, checkout: str) -> list[str]:
        """What is changed in a worktree and is not vtm's own."""
        changed = [each for each in self._mainline.changes_in(checkout) if not self._is_own(each)]
        asked = self._task_files(changed)
        was = Contents.at(Path(checkout)).of(asked)
        now = {each: read_bytes(Path(checkout) / each, each) for each in was}
        own = {
            each
            for each, data in now.items()
            if isinstance(data, bytes) and differ_in_state_only(was[each], data)
        }
        return [each for each in changed if each not in own]

    def _is_own(self, path: str) -> bool:
        return is_own(path, self._own.folder, self._app.settings.paths)

    def _task_files(self, paths: Sequence[str]) -> list[str]:
        folder = posixpath.join(self._own.folder, self._app.settings.paths.tasks) + "/"
        return [each for each in paths if each.startswith(folder) and each.endswith(".md")]
