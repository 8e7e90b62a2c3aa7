"""Clients of agents as real processes, without a person, a home or a network."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

PATIENCE = 240
"""Seconds that anything may take on a busy machine."""
_FOREIGN = ("ANTHROPIC_", "CLAUDE", "OPENCODE", "VTM_", "XDG_", "npm_", "PYTEST", "COV_")
"""What belongs to whoever runs the tests, not to the client; nor does a proxy: all it talks to is here."""
_BIN = Path(sys.executable).parent
"""Where this environment has `vtm`: hooks and servers call it by its name, as they do at a user's."""


def suitable(installed, pattern):
    """Of a client's programs from npm, the one with the fewest demands on processor and C library."""
    found = list((installed / "node_modules").glob(pattern))
    if not found:
        pytest.skip(f"{installed.name} has no program for this machine")
    return min(found, key=lambda path: ("musl" in str(path), "baseline" not in str(path)))


def surroundings(home, **more):
    """An environment in which a client finds `vtm`, and nothing of whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not _is_foreign(name)}
    folders = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "CACHE", "STATE")}
    path = os.pathsep.join([str(_BIN), os.environ["PATH"]])
    return kept | folders | {"HOME": str(home), "PATH": path} | more


def _is_foreign(name):
    return name.startswith(_FOREIGN) or name.lower().endswith("_proxy")


def run(command, folder, environment):
    """Run a client to its end and give what it printed; whatever it started is gone when this returns."""
    with started(command, folder, environment) as process:
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, f"{out[-2000:]}\n{err[-2000:]}"
    return out


@contextmanager
def started(command, folder, environment):
    """A client that runs; it and whatever it started are gone when this ends."""
    process = subprocess.Popen(
        [str(each) for each in command],
        cwd=folder,
        env=environment | {"PWD": str(folder)},  # some believe it rather than where they are
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):  # all of them have ended by themselves
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
