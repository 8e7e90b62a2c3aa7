"""What of a task's work may be brought to main, and why not."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from vtm.errors import ExitCode, VtmError
from vtm.git.merging import Mainline
from vtm.model.backlog import Backlog
from vtm.model.status import Status
from vtm.model.task import Task
from vtm.ports.merging import Branch, Merges
from vtm.queries.merged import Brought, How

_COMMIT = re.compile(r"[0-9a-fA-F]{7,64}")
_SHOWN = 5


class Work(NamedTuple):
    """What is to be brought home, and what it is brought to.

    Attributes:
        head: The commit of `branch`; empty: there is no such branch.
        recorded: The commit that was recorded when the task was completed; empty: none was.
        name: Of the main branch, which is `main`.
    """

    task: Task
    branch: str
    head: str
    recorded: str
    name: str
    main: Branch

    def answer(self, how: How, **more: Any) -> Brought:
        """What became of it; `more` are further fields of the answer."""
        return Brought(
            task_id=self.task.task_id,
            title=self.task.title,
            how=how,
            branch=self.branch,
            head=self.head,
            recorded=self.recorded,
            **more,
        )

    def held(
        self,
        code: str,
        reason: str,
        fix: str,
        files: Sequence[str] = (),
        exit_code: ExitCode = ExitCode.NO,
    ) -> Brought:
        """It may not be merged now."""
        files = tuple(files)
        return self.answer(How.HELD_UP, code=code, reason=reason, fix=fix, files=files, exit=int(exit_code))


class Mergeable:
    """Looks at the work of tasks.

    Attributes:
        failed: Ids of tasks that could not be merged just now.
        brought: Ids of those that were, or might be where it is only asked about.
    """

    def __init__(self, mainline: Mainline, merges: Merges, mains: Sequence[str]) -> None:
        self._mainline = mainline
        self._merges = merges
        self._mains = mains
        self._allowed = False
        self.failed: set[str] = set()
        self.brought: set[str] = set()

    def main(self) -> tuple[str, Branch]:
        """Name of the main branch, and what it is now.

        Raises:
            VtmError: There is none, or the first look shows that nothing may be merged to it.
        """
        return self._main(self._mainline.branches(self._mains))

    def look(self, backlog: Backlog, task: Task) -> Work | Brought:
        """The work of a task, or why it is not to be merged now.

        Raises:
            VtmError: As `main` does.
        """
        own = self._merges.branch_of(task.task_id)
        found = self._mainline.branches([*self._mains, own])
        name, main = self._main(found)
        branch = found.get(own)
        recorded = _recorded(backlog, task.task_id)
        work = Work(task, own, branch.commit if branch else "", recorded, name, main)
        return (
            self._not_completed(backlog, work)
            or (self._not_committed(work, branch) if branch else self._without_branch(work))
            or self._unknown(work)
            or self._waits(backlog, work)
            or work
        )

    def _main(self, found: Mapping[str, Branch]) -> tuple[str, Branch]:
        name = next((each for each in self._mains if each in found), None)
        if name is None:
            named = " or ".join(self._mains) or "nothing"
            raise VtmError(
                f"there is no main branch with a commit; it is to be called {named}",
                code="NO-MAIN-BRANCH",
                fix="commit something on it, or name yours in vtm.toml under [git] main",
            )
        if not self._allowed:
            self._merges.allow(name, found[name])
            self._allowed = True
        return name, found[name]

    def _not_completed(self, backlog: Backlog, work: Work) -> Brought | None:
        status = backlog.status(work.task.task_id)
        if status is Status.COMPLETED:
            return None
        return not_completed(work, status)

    def _not_committed(self, work: Work, branch: Branch) -> Brought | None:
        changed = self._mainline.changes_in(branch.checkout) if branch.checkout else ()
        if not changed:
            return None
        what = f"the worktree of {work.branch} has changes that are not committed: {some(changed)}"
        return work.held("NOT-COMMITTED", what, "commit them there, or take them back", changed)

    def _without_branch(self, work: Work) -> Brought:
        commit = work.recorded
        if commit and self._mainline.contains(work.main.commit, commit):
            return work.answer(How.ALREADY)
        what = f"there is no branch {work.branch}"
        if not commit:
            return work.held("NO-BRANCH", what, "nothing is known of work that could be merged")
        fix = (
            f"if commit {commit[:12]} is still there, `git branch {work.branch} {commit[:12]}` brings it back"
        )
        return work.held("NO-BRANCH", what, fix)

    def _unknown(self, work: Work) -> Brought | None:
        commit = work.recorded
        if not commit or work.head.startswith(commit.lower()) or self._mainline.contains(work.head, commit):
            return None
        return work.held(
            "COMMIT-NOT-ON-BRANCH",
            f"the commit that was recorded when it was completed, {commit[:12]}, is not on {work.branch}",
            "bring it back to the branch, or reopen the task and complete it with what is there now",
        )

    def _waits(self, backlog: Backlog, work: Work) -> Brought | None:
        """What it depends on comes first."""
        waived = backlog.state_of(work.task).waived
        for each in work.task.depends_on_tasks:
            if each not in backlog or each in waived or each in self.brought:
                continue
            if each in self.failed:
                return _behind(work, each, "was not merged")
            if backlog.status(each) is not Status.COMPLETED:
                return _behind(work, each, f"is {backlog.status(each)}")
        lacking = [each for each in self._merges.lacking(backlog, work.task) if each not in self.brought]
        return _behind(work, lacking[0], f"is not in {work.name}") if lacking else None


def _behind(work: Work, other: str, how: str) -> Brought:
    return work.held(
        f"BLOCKED::DEPENDENCY-NOT-MERGED::{work.task.task_id}",
        f"it depends on {other}, which {how}",
        f"merge {other} first, or in the same call",
    )


def not_completed(work: Work, status: Status | None) -> Brought:
    """A task that has this status is not merged."""
    task_id = work.task.task_id
    fix = f"`vtm show {task_id}` says what is left; only what is completed is merged"
    return work.held("NOT-COMPLETED", f"it is {status}", fix)


def _recorded(backlog: Backlog, task_id: str) -> str:
    """The commit that was recorded when a task was completed; empty: none, or what no commit is called."""
    evidence = backlog.state_of(backlog[task_id]).evidence if task_id in backlog else None
    commit = (evidence.commit or "") if evidence else ""
    return commit if _COMMIT.fullmatch(commit) else ""


def some(paths: Collection[str]) -> str:
    """The first few of `paths`, and how many more there are."""
    more = f", and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    return ", ".join(list(paths)[:_SHOWN]) + more
