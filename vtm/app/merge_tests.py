"""Runs the commands of `[gate] after` on the files of a merge that main has not moved to."""

import asyncio
import os
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from vtm.app.app import App
from vtm.app.worktree_places import MERGE, alone, top_of
from vtm.discovery import common_dir
from vtm.errors import ExternalError
from vtm.git.calling import Git
from vtm.git.merge_checkout import MergeCheckout
from vtm.model.gate_settings import NOT_STARTED
from vtm.model.plain import many_lines
from vtm.model.settings import seconds
from vtm.ports.agents import Command
from vtm.ports.merging import Red
from vtm.queries.commands import WORKTREES
from vtm.runners.ending import Ending, How
from vtm.runners.keeping import Limits, end, ended, launch
from vtm.runners.logs import output
from vtm.stores.removing import discard
from vtm.stores.worktrees_folder import kept_out_of_git

_LINES, _LETTERS = 40, 4000
"""How much of the end of what a command printed is kept."""


def stop_tests(app: App) -> None:
    """End the tests of the merge that is under way, if there is one; its task is held up, and main stays.

    Raises:
        ExternalError: Something of them lives after 5 seconds.
    """
    for each in _places(_kept_in(top_of(app))):
        end(each)


class MergeTests:
    """The tests of merges in the repository at `top`; whoever calls sees to it that only one is at work."""

    def __init__(self, app: App, top: Path) -> None:
        self._app = app
        self._top = top
        self._kept = _kept_in(top)
        self._place = top / WORKTREES / MERGE

    def red(self, commit: str, task_id: str) -> Red | None:
        """The first command that fails on the files of `commit`; None: all succeed, or there are none.

        Not to be called where an event loop runs.

        Raises:
            ExternalError: One cannot be run, or the files cannot be checked out.
        """
        commands = self._app.settings.gate.after
        if not commands:
            return None
        with self._checked_out(commit) as folder:
            return next((red for each in commands if (red := self._ran(each, folder, task_id))), None)

    @contextmanager
    def _checked_out(self, commit: str) -> Iterator[Path]:
        """The folder of the project as it is in `commit`, in a worktree that is gone afterwards."""
        self._tidy()
        kept_out_of_git(self._place.parent)
        checkout = MergeCheckout(self._top, self._place)
        with alone(self._app, self._top):
            checkout.make(commit)
        try:
            folder = self._place / self._app.project.root.relative_to(self._top)
            yield folder if folder.is_dir() else self._place
        finally:
            self._tidy()

    def _tidy(self) -> None:
        """End what may be left of tests whose vtm was killed, and take their worktree away."""
        for each in _places(self._kept):
            end(each, 0)
            discard(each)
        if not self._place.exists():
            return
        discard(self._place)
        with alone(self._app, self._top):
            MergeCheckout(self._top, self._place).forget()

    def _ran(self, command: str, folder: Path, task_id: str) -> Red | None:
        run, place = self._app.settings.run, self._kept / token_hex(8)
        limits = Limits(seconds(run.timeout), seconds(run.grace), run.output, run.secrets)
        try:
            launch(place, _shell(command, folder, task_id), folder, limits)
            found = asyncio.run(ended(place))
            return _red(command, found, place)
        finally:
            end(place)
            discard(place)


def _kept_in(top: Path) -> Path:
    """Where everything of the tests of merges is kept while they run."""
    return common_dir(top) / "vtm" / "merge-tests"


def _places(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _shell(command: str, folder: Path, task_id: str) -> Command:
    """How the shell runs `command`, without what git or its hooks have set for a repository of theirs."""
    known = Git.at(folder).environment
    foreign = [word for name in os.environ if name not in known for word in ("-u", name)]
    return Command(("env", *foreign, "sh", "-c", command), environment={"VTM_TASK": task_id})


def _red(command: str, found: Ending, place: Path) -> Red | None:
    if found.exit_code in NOT_STARTED or found.how not in {How.EXITED, How.TIMEOUT}:
        reason = "there is no such program" if found.exit_code in NOT_STARTED else found.reason
        raise ExternalError(
            f"the gate command `{command}` cannot be run: {reason}",
            code="GATE-NOT-STARTED",
            fix="correct it in vtm.toml under [gate], or install what it calls",
        )
    if found.exit_code == 0 and found.how is How.EXITED:
        return None
    last = "\n".join(deque(output(place), _LINES))
    return Red(command, found.reason.removeprefix("it "), many_lines(last[-_LETTERS:]).strip())
