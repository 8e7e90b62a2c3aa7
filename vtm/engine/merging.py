"""Brings the work of a task to main: merged beside all worktrees, tested there, and only then main moves."""

from collections.abc import Sequence
from typing import NamedTuple

from vtm.engine.desk import Desk
from vtm.engine.handing_back import HandingBack, Manner
from vtm.engine.mergeable import Mergeable, Work, not_completed, some
from vtm.engine.recorder import Recorder
from vtm.engine.request import Request
from vtm.errors import ExitCode, ExternalError, VtmError
from vtm.git.merging import Mainline, Unrelated
from vtm.git.undisturbed import undisturbed
from vtm.model.backlog import Backlog
from vtm.model.event import Details, Kind
from vtm.model.finding import Finding
from vtm.model.state import Evidence
from vtm.model.task import Task
from vtm.model.transitions import IllegalTransitionError
from vtm.ports.merging import Branch, Merges
from vtm.queries.commit_message import merge_message
from vtm.queries.merged import Brought, How

TRIES = 3
"""How often a merge is made because main has moved meanwhile."""
_ESCAPE = "WARN::SCOPE-ESCAPE::"


class Made(NamedTuple):
    """A merge that main has not moved to."""

    commit: str
    tree: str
    findings: Sequence[Finding]


class Merging:
    """Brings work home, one task after the other; the caller sees to it that nobody else does."""

    def __init__(
        self, mainline: Mainline, merges: Merges, recorder: Recorder, mergeable: Mergeable, manner: Manner
    ) -> None:
        self._mainline = mainline
        self._merges = merges
        self._recorder = recorder
        self._mergeable = mergeable
        self._manner = manner
        self._back = HandingBack(recorder, manner)
        self._pretended: Branch | None = None

    def bring(self, backlog: Backlog, task: Task) -> Brought:
        """Bring the work of `task` to main, or say why not.

        Raises:
            ExternalError: Git or a test cannot be run; main is as it was.
        """
        self._mergeable.failed.add(task.task_id)
        work = self._mergeable.look(backlog, task)
        if isinstance(work, Work) and self._pretended:
            work = work._replace(main=self._pretended)
        found = self._brought(backlog, work) if isinstance(work, Work) else work
        if found.how in {How.MERGED, How.ALREADY}:
            self._mergeable.failed.remove(task.task_id)
            self._mergeable.brought.add(task.task_id)
        return found

    def _brought(self, backlog: Backlog, work: Work) -> Brought:
        for _ in range(TRIES):
            made = self._made(backlog, work)
            if isinstance(made, Brought):
                return made
            if self._manner.dry_run:
                self._pretended = work.main._replace(commit=made.commit, tree=made.tree)
                return work.answer(How.MERGED, findings=made.findings)
            red = self._merges.red(made.commit, work.task.task_id)
            if red:
                return self._back.red(work, red)
            done = self._moved(work, made)
            if done:
                return done
            work = work._replace(main=self._mergeable.main()[1])
        what = f"{work.name} has moved {TRIES} times while this was merged and tested"
        return work.held("MAIN-KEEPS-MOVING", what, "run it again", exit_code=ExitCode.CONFLICT)

    def _made(self, backlog: Backlog, work: Work) -> Made | Brought:
        """The merge, or why there is none."""
        joined = self._mainline.joined(work.main.commit, work.head)
        if isinstance(joined, Unrelated):
            what = f"{work.branch} and {work.name} have no commit in common"
            return work.held("UNRELATED-HISTORIES", what, f"make its work anew on a branch of {work.name}")
        if joined.conflicts:
            return self._back.conflict(work, joined.conflicts)
        if joined.tree == work.main.tree and self._mainline.contains(work.main.commit, work.head):
            return work.answer(How.ALREADY)
        paths = self._mainline.changed(work.main.tree, joined.tree)
        own = self._merges.own(paths, work.main.tree, joined.tree)
        if own:
            what = f"{work.branch} changes what vtm alone writes: {some(own)}"
            return work.held("OWN-FILES", what, f"take that back on the branch, as {work.name} has it", own)
        findings = self._merges.findings(backlog, work.task, work.branch, paths)
        stops = [each for each in findings if each.blocking or (self._manner.strict and _ESCAPE in each.code)]
        if stops:
            return work.held(stops[0].code, stops[0].message, stops[0].fix)
        return self._committed(work, joined.tree, findings)

    def _committed(self, work: Work, tree: str, findings: Sequence[Finding]) -> Made:
        message = merge_message(work.task, work.branch)
        return Made(self._mainline.commit(tree, (work.main.commit, work.head), message), tree, findings)

    def _moved(self, work: Work, made: Made) -> Brought | None:
        """Let main move, and record it, while nobody else records anything; None: it has moved already."""
        task_id = work.task.task_id
        with self._recorder.desk() as desk:
            try:
                desk.record(self._request(task_id, made)._replace(dry_run=True))
            except IllegalTransitionError:
                return not_completed(work, desk.backlog.status(task_id))
            with undisturbed():
                try:
                    followed = self._followed(work, made)
                except ExternalError as error:
                    fix = f"settle what is in the way in the worktree of {work.name}, and run it again"
                    return work.held("MAIN-NOT-MOVED", error.message, fix, exit_code=ExitCode.EXTERNAL)
                if followed:
                    self._record(desk, self._request(task_id, followed), work)
        return work.answer(How.MERGED, commit=followed.commit, findings=made.findings) if followed else None

    def _followed(self, work: Work, made: Made) -> Made | None:
        """Let main move to what was made, or to its like where only vtm's own files have moved main.

        Raises:
            ExternalError: It cannot, though it is what it was.
        """
        try:
            self._mainline.move(work.name, work.main, made.commit)
        except ExternalError:
            main = self._mergeable.main()[1]
            if main.commit == work.main.commit:
                raise
            joined = self._mainline.joined(main.commit, work.head)
            if isinstance(joined, Unrelated) or not self._only_own(work.main.tree, main.tree):
                return None
            work = work._replace(main=main)
            made = self._committed(work, joined.tree, made.findings)
            self._mainline.move(work.name, main, made.commit)
        return made

    def _only_own(self, before: str, after: str) -> bool:
        paths = self._mainline.changed(before, after)
        return len(self._merges.own(paths, before, after)) == len(paths)

    def _request(self, task_id: str, made: Made) -> Request:
        details = Details(result=Evidence(commit=made.commit))
        return Request(task_id, Kind.MERGE, self._manner.caller, lambda *_: details)

    def _record(self, desk: Desk, request: Request, work: Work) -> None:
        try:
            desk.record(request)
        except VtmError as error:  # main holds the work, and that counts
            what = f"{work.branch} is merged and that is not recorded: {error.message}"
            self._recorder.notices.append(what)
