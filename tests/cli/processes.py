"""vtm as a real process."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "vtm")


def environment(**more):
    """The environment in which `COMMAND` finds this checkout; None removes a variable."""
    chosen = {**os.environ, "PYTHONPATH": str(ROOT), **more}
    return {name: value for name, value in chosen.items() if value is not None}


def call(folder, *arguments, env=None, **options):
    """Run vtm in `folder` and wait for it; its streams are bytes."""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "timeout": 60} | options
    environ = environment(**(env or {}))
    return subprocess.run([*COMMAND, *arguments], cwd=folder, env=environ, check=False, **options)
