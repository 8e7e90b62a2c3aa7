"""Programs from npm, each installed once for all tests of a machine."""

import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from filelock import FileLock

_HOME_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
"""Looked up before a test gives its programs another home."""
_INSTALL = ("install", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-timeout=120000")
_PATIENCE = 600


class _Installed(NamedTuple):
    """Where a package is, or why it is not there; one of both is empty."""

    folder: Path | None
    problem: str


def npm_installed(package, version):
    """The folder whose `node_modules` holds a package; `version` is exact, or a range such as `0.15`.

    Skips the test where npm is missing or cannot get the package.
    """
    found = _installed(package, version)
    if found.folder is None:
        pytest.skip(found.problem)
    return found.folder


def node_program(package, version, name):
    """The command that a package from npm puts into `node_modules/.bin`; skips as `npm_installed` does."""
    return npm_installed(package, version) / "node_modules" / ".bin" / name


@cache
def _installed(package, version):
    """Remembered for the life of a test worker: what failed once is not tried again by every test."""
    npm = shutil.which("npm")
    if npm is None:
        return _Installed(None, "npm is not installed")
    folder = _cache() / f"{package.replace('/', '+')}@{version}"
    with FileLock(f"{folder}.lock"):
        if folder.is_dir():
            return _Installed(folder, "")
        begun = folder.with_name(f"{folder.name}.begun")
        shutil.rmtree(begun, ignore_errors=True)
        begun.mkdir()
        problem = _install(npm, begun, f"{package}@{version}")
        if problem:
            return _Installed(None, f"npm cannot install {package}@{version}: {problem}")
        begun.rename(folder)  # a folder of this name is always whole
    return _Installed(folder, "")


def _install(npm, folder, wanted):
    """Install a package; what went wrong, or nothing."""
    (folder / "package.json").write_text('{"private": true}\n', "utf-8")
    call = [npm, *_INSTALL, "--prefix", str(folder), wanted]
    try:
        done = subprocess.run(
            call,
            cwd=folder,
            check=False,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_PATIENCE,
        )
    except subprocess.TimeoutExpired:
        return f"no end after {_PATIENCE} seconds"
    said = [line for line in done.stderr.splitlines() if line.strip()]
    return "; ".join(said[:3]) or f"exit code {done.returncode}" if done.returncode else ""


def _cache():
    """A folder of the user's own that outlives a run; where there is none, one below the temporary files."""
    for base in (_HOME_CACHE, Path(tempfile.gettempdir())):
        folder = base / "vtm-tests" / "npm"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    pytest.skip("there is no folder to install anything from npm into")
    return None
