"""Real git repositories, and vtm run in them."""

import atexit
import io
import json
import os
import shutil
import subprocess
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from vtm.cli.main import run


def git(folder, *arguments, at="2026-03-01T12:00:00Z", **options):
    """What git prints, run in `folder` at a fixed time."""
    dates = {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at}
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env=os.environ | dates,
        check=True,
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        **options,
    )
    return done.stdout.strip()


def repository(folder, *, commit_first=True):
    """A new repository on main, by default with one commit."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q")
    if commit_first:
        git(folder, "commit", "-q", "--allow-empty", "-m", "First")
    return Path(folder)


def commit(folder, message="Change", at="2026-03-01T12:00:00Z"):
    """Commit all that is there; returns the commit's id."""
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", message, at=at)
    return git(folder, "rev-parse", "HEAD")


@cache
def _model(make):
    folder = Path(tempfile.mkdtemp(prefix="vtm-model-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return make(folder / "top")


def copy_of(make, folder):
    """What `make` makes in a folder, made once and copied then; no worktree, since that knows where it is."""
    return Path(shutil.copytree(_model(make), folder, symlinks=True))


class Answer(NamedTuple):
    """What one command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The JSON on standard output."""
        return json.loads(self.out)


def vtm(folder, *arguments):
    """Run vtm in this process as if it were started in `folder`."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err):
        code = run(["-C", str(folder), *arguments])
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode())
    return Answer(int(code), *texts)


def spy_on_git(monkeypatch, folder):
    """Put a `git` first on PATH that notes its arguments; returns the file with a line for each call."""
    log, real = folder / "git.log", shutil.which("git")
    spy = folder / "spy" / "git"
    spy.parent.mkdir()
    spy.write_text(f"#!/bin/sh\necho \"$*\" >> '{log}'\nexec '{real}' \"$@\"\n", "utf-8")
    spy.chmod(0o755)
    log.touch()
    monkeypatch.setenv("PATH", str(spy.parent), prepend=os.pathsep)
    return log
