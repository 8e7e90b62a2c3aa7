"""What changing the state costs: one change on a large backlog, and claims by many processes at once."""

import json
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import NamedTuple

from backlog import write_backlog
from measure import Command, compared

CLAIMS = 200
PROCESSES = 8
AGENT = "bench"


class Ratios(NamedTuple):
    """Each change against `next --json` on the same backlog, and claims at once against one by one."""

    note: float
    meet: float
    claims: float


def changes(vtm: Path, place: Path, root: Path, rounds: int) -> Ratios:
    """Measure in a copy of the backlog at `root`, and in one of independent tasks."""
    large = shutil.copytree(root, place / "changed")
    claimed = subprocess.run(
        [vtm, "next", "--claim", "--agent", AGENT, "--ttl", "1d", "--json"],
        cwd=large,
        check=True,
        capture_output=True,
    )
    task = json.loads(claimed.stdout)
    name, epoch = task["task_id"], str(task["epoch"])
    criteria = [each["id"] for each in task["acceptance_criteria"]]
    costs = compared(
        {
            "next": Command([str(vtm), "next", "--json"], large),
            "note": Command([str(vtm), "note", name, "All is well", "--epoch", epoch], large),
            "ac": Command([str(vtm), "ac", name, *criteria, "--epoch", epoch], large),
        },
        rounds,
    )
    base = costs["next"].seconds
    return Ratios(costs["note"].seconds / base, costs["ac"].seconds / base, _claims(vtm, place))


def _claims(vtm: Path, place: Path) -> float:
    """How long claims take with many processes at once, against one after another; both take turns."""
    taken: dict[int, list[float]] = {1: [], PROCESSES: []}
    for turn in range(3):
        for workers, times in taken.items():
            root = _independent(place / f"claims-{turn}-{workers}")
            start = time.perf_counter()
            with ThreadPoolExecutor(workers) as pool:
                won = sum(pool.map(lambda number, at=root: _claim_all(vtm, at, number), range(workers)))
            times.append(time.perf_counter() - start)
            if won != CLAIMS:
                raise SystemExit(f"{won} claims were won, not {CLAIMS}")
    return median(taken[PROCESSES]) / median(taken[1])


def _claim_all(vtm: Path, root: Path, worker: int) -> int:
    command = [vtm, "next", "--claim", "--agent", f"agent-{worker}", "--json"]
    won = 0
    while subprocess.run(command, cwd=root, check=False, stdout=subprocess.DEVNULL).returncode == 0:
        won += 1
    return won


def _independent(root: Path) -> Path:
    """A backlog of tasks that do not wait for one another, and no limit to how many may be in progress."""
    write_backlog(root, CLAIMS)
    path = root / "docs/backlog/virtual-task-manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    for task in manifest["tasks"]:
        task["depends_on_tasks"] = []
    manifest.pop("manifest_hash")
    path.write_text(json.dumps(manifest), "utf-8")
    (root / "docs/backlog/task-state.json").unlink()
    (root / "vtm.toml").write_text("wip_limit = 0\n", "utf-8")
    return root
