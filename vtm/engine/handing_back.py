"""Hands work back that does not fit what main has become."""

from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from vtm.engine.mergeable import Work, some
from vtm.engine.recorder import Recorder
from vtm.engine.request import Request
from vtm.model.event import Details, Kind
from vtm.model.facts import Caller
from vtm.model.transitions import IllegalTransitionError
from vtm.ports.merging import Red
from vtm.queries.merged import Brought, How


class Manner(NamedTuple):
    """How work is brought home.

    Attributes:
        caller: In whose name it is recorded.
        strict: Whether changes outside the scope of a task stop it.
        dry_run: Whether nothing is recorded, no test runs and main stays.
    """

    caller: Caller = Caller()
    strict: bool = False
    dry_run: bool = False


class HandingBack:
    """Makes tasks pending again whose work could not be merged; their branches and worktrees stay."""

    def __init__(self, recorder: Recorder, manner: Manner) -> None:
        self._recorder = recorder
        self._manner = manner

    def conflict(self, work: Work, files: Sequence[str]) -> Brought:
        """Both sides have changed `files` in ways that do not fit."""
        what = f"{work.branch} conflicts with {work.name} in {some(files)}"
        return self._back(work, "MERGE-CONFLICT", what, files=files)

    def red(self, work: Work, red: Red) -> Brought:
        """A command failed on what both are together."""
        what = f"on {work.branch} merged with {work.name}, `{red.command}` {red.how}"
        return self._back(work, "MERGE-TESTS-RED", what, output=red.output)

    def _back(
        self, work: Work, code: str, reason: str, files: Sequence[str] = (), output: str = ""
    ) -> Brought:
        fix = f"merge {work.name} into {work.branch} in its worktree, mend it there, and complete it again"
        if not self._manner.dry_run:
            told = "\n".join(filter(None, (f"{reason}; {fix}", output)))
            details = Details(reason=told, codes=(code,))
            request = Request(work.task.task_id, Kind.REOPEN, self._manner.caller, lambda *_: details)
            with suppress(IllegalTransitionError):  # somebody else has reopened it meanwhile
                self._recorder.record(request)
        files = tuple(files)
        return work.answer(
            How.HANDED_BACK, code=code, reason=reason, fix=fix, files=files, output=output, exit=1
        )
