"""Runs one command on a disk with little room, which only this process and its children see.

unshare --mount python -m tests.state.full_disk FOLDER CASE FORM PAGES DISK

DISK is the folder or a part of it.
"""

import gc
import json
import os
import subprocess
import sys
from pathlib import Path

from tests.repositories import vtm
from tests.state.cases import CASES
from tests.state.projects import assert_sound, files


def main(folder, case, form, left, disk):
    """Print what the command answered when `left` pages were free, and how it went on once there was room."""
    disk.mkdir(parents=True, exist_ok=True)
    options = ["-t", "tmpfs", "-o", "size=512k", "tmpfs", str(disk)]
    if subprocess.run(["mount", *options], capture_output=True, check=False).returncode:
        return None
    prepare, command = CASES[case]
    root = prepare(folder / "shop", form)
    gc.collect()  # a database that is still open would give room back while the command runs
    filler = disk / "filler"
    filler.write_bytes(b"x" * 4096 * (os.statvfs(disk).f_bavail - left))
    before = files(root)
    answer = vtm(root, *command)
    unchanged = files(root) == before
    filler.unlink()
    following = vtm(root, "note", "ALL--T01", "and on")
    assert_sound(root)
    return {"answer": answer, "unchanged": unchanged, "following": following}


if __name__ == "__main__":
    where, what, how, pages, part = sys.argv[1:]
    json.dump(main(Path(where), what, how, int(pages), Path(part)), sys.stdout)
