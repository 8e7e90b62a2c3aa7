"""One long run that several tests look at, whichever worker they are given to."""

import json
import traceback
from pathlib import Path
from typing import Any, NamedTuple

from filelock import FileLock


class Made(NamedTuple):
    """What a run gave, and the folder that it was made in."""

    made: Any
    folder: Path


def once(factory, name, make):
    """What `make(folder)` gave, as JSON has it; it is called once in a whole test run.

    Args:
        factory: pytest's `tmp_path_factory`.
        name: Of the run; also of its folder.
        make: Gets an empty folder, which stays as long as the test run.

    Raises:
        AssertionError: `make` failed, now or before.
    """
    base = factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base
    folder, record = shared / name, shared / f"{name}.json"
    with FileLock(shared / f"{name}.lock"):
        if not record.exists():
            folder.mkdir(exist_ok=True)  # a run that was skipped leaves one
            record.write_text(json.dumps(_tried(make, folder)), "utf-8")
    made, problem = json.loads(record.read_text("utf-8"))
    assert not problem, problem
    return Made(made, folder)


def _tried(make, folder):
    """What it made, or how it failed: nobody has to wait for the same failure twice."""
    try:
        return make(folder), ""
    except Exception:  # noqa: BLE001  whatever it is, each test that looks at it tells
        return None, traceback.format_exc()
