"""Runs a backlog on a disk with little room, and again once there is some; only this process sees the disk.

unshare --mount python -m tests.engine.full_disk FOLDER PAGES
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.engine.shops import assert_main_is_whole, assert_nothing_is_left, entry, shop
from tests.state.projects import assert_sound


def main(folder, left):
    """What both runs answered when `left` pages were free for the first; None: no disk can be mounted."""
    root = folder / "disk"
    root.mkdir()
    options = ["-t", "tmpfs", "-o", "size=16m", "tmpfs", str(root)]
    if subprocess.run(["mount", *options], capture_output=True, check=False).returncode:
        return None
    of = shop(root, [entry("A--T01"), entry("A--T02", ["A--T01"])])
    filler = root / "filler"
    filler.write_bytes(b"x" * 4096 * max(0, os.statvfs(root).f_bavail - left))
    first = told(of)
    filler.unlink()
    second = told(of)
    if second["code"]:
        return first, second
    assert_main_is_whole(of)
    assert_nothing_is_left(of)
    assert_sound(of.root)
    return first, second


def told(of):
    """Exit code, last answer and complaints of a run that brings home what it can."""
    code, lines, complaints = of.run("--merge", "auto", "--resume")
    assert "Traceback" not in complaints, complaints
    return {"code": code, "answer": lines[-1] if lines else None, "complaints": complaints}


if __name__ == "__main__":
    json.dump(main(Path(sys.argv[1]), int(sys.argv[2])), sys.stdout)
