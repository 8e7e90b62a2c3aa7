"""This checkout: the files that belong to the project."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]


@cache
def project_files():
    """Paths of all files that git does not ignore, relative to the root, whether or not they are committed.

    An empty repository of its own answers, so that it also works where the project was copied without one.
    """
    with TemporaryDirectory() as folder:
        subprocess.run(["git", "init", "-q", folder], check=True)
        asked = ["ls-files", "--others", "--exclude-standard", "-z"]
        done = subprocess.run(
            ["git", f"--git-dir={folder}/.git", f"--work-tree={ROOT}", *asked],
            cwd=ROOT,
            check=True,
            capture_output=True,
        )
    return tuple(sorted(Path(os.fsdecode(name)) for name in done.stdout.split(b"\0") if name))


def copy_project(folder):
    """Copy the project's files, and nothing else that lies around, to `folder`."""
    for path in project_files():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, target)
    return folder
