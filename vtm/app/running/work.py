"""What was done in the worktree of a session."""

import os
import posixpath
from pathlib import Path

from msgspec.structs import replace

from vtm.app.app import App
from vtm.app.reporting_back import relative_to
from vtm.engine.running.handed import Done, Ran, Told
from vtm.git.calling import Git, paths_in
from vtm.git.head import branch_at
from vtm.model.session import Session
from vtm.model.settings import seconds
from vtm.runners.command import run
from vtm.sources.worker_reports import read_report

_HEAD = b"# branch.oid "
_BEFORE_PATH = {b"1 ": 8, b"u ": 10, b"? ": 1}


class Work:
    """What is in the worktree of a session."""

    def __init__(self, app: App, session: Session) -> None:
        self._app = app
        self._session = session
        self._top = Path(session.worktree)
        project = app.project
        self._below = project.root.relative_to(project.repository or project.root)

    @property
    def folder(self) -> Path:
        """Where the project is in there."""
        return self._top / self._below

    def done(self) -> Done:
        """What was committed since the worktree was made, and what is not committed.

        Source: git-status(1), "Porcelain Format Version 2".

        Raises:
            ExternalError: Git cannot answer.
        """
        git = Git.at(self._top)
        told = git.raw("status", "--porcelain=v2", "--branch", "--untracked-files=all", "-z", "--no-renames")
        commit, uncommitted = "", []
        for line in told.split(b"\0"):
            if line.startswith(_HEAD):
                commit = line.removeprefix(_HEAD).decode()
            elif line[:2] in _BEFORE_PATH:
                fields = _BEFORE_PATH[line[:2]]
                uncommitted.append(os.fsdecode(line.split(b" ", fields)[fields]))
        changed: list[str] = []
        if commit != self._session.base:
            told = git.raw(
                *("diff-tree", "-r", "--name-only", "--no-renames", "--no-relative", "-z"),
                *("--merge-base", self._main(), commit, "--"),
            )
            changed = paths_in(told)
        return Done(commit, self._seen(uncommitted), self._seen(changed))

    def run(self, command: str) -> Ran:
        """Run a command with the shell, no longer than an agent may take.

        Raises:
            ExternalError: It cannot be started.
        """
        ended = run(command, self.folder, limit=seconds(self._app.settings.run.timeout))
        return Ran(ended.exit_code, ended.digest, ended.end)

    def report(self, said: str) -> Told:
        """The report in what an agent said.

        Raises:
            WrongUsageError: There is none.
        """
        found = read_report(said.encode("utf-8", "replace"), "what it said")
        files = tuple(relative_to(each, self.folder) for each in found.report.files_modified)
        return Told(replace(found.report, files_modified=files), found.digest)

    def _main(self) -> str:
        """What main is: of what was merged into the branch, nothing was done here."""
        branch = branch_at(self._app.project.repository or self._app.project.root)
        return f"refs/heads/{branch}" if branch in self._app.settings.git.main else self._session.base

    def _seen(self, paths: list[str]) -> tuple[str, ...]:
        """Paths as they are seen from the project, without what vtm alone writes."""
        own = {self._app.settings.paths.state, self._app.settings.paths.journal}
        below = self._below.as_posix()
        seen = (posixpath.relpath(path, below) for path in paths)
        printable = (
            each.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace") for each in seen
        )
        return tuple(each for each in printable if each not in own)
