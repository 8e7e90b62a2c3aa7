"""What it costs to plan 10,000 tasks that all have file scopes, beside asking for the next one.

python benchmarks/plans.py FOLDER SIZE
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from backlog import write_backlog
from measure import Command, compared
from row import Row, ratio

AREAS = 100
"""Folders that the tasks share out among themselves."""

_MANIFEST = "docs/backlog/virtual-task-manifest.json"
_JOURNAL = "docs/backlog/task-events.jsonl"
_PLANS = ("plan", "plan --mode parallel", "waves")


def plan_rows(python: Path, place: Path, rounds: int) -> Iterator[Row]:
    """`plan` and `waves` over 10,000 tasks with scopes, and over the same with a journal."""
    vtm = str(python.parent / "vtm")
    root = place / "10000-scopes"
    subprocess.run([sys.executable, Path(__file__), root, "10000"], check=True)
    commands = {name: Command([vtm, *name.split(), "--json"], root) for name in _PLANS}
    costs = compared({"next": Command([vtm, "next", "--json"], root), **commands}, max(3, rounds // 3))
    for name in _PLANS:
        yield Row(f"{name}, 10,000 tasks with scopes", "next, 10,000 tasks", ratio(costs, name, "next"), 10)


def write_scopes(root: Path, size: int) -> None:
    """Write a backlog in which Medium and Low tasks may run side by side, with a journal of what is done."""
    write_backlog(root, size)
    path = root / _MANIFEST
    manifest = json.loads(path.read_text("utf-8"))
    for number, task in enumerate(manifest["tasks"]):
        task["parallel"] = task["risk"] != "High"
        task["file_scope"] = list(_scope(number))
    path.write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
    state = json.loads((root / "docs/backlog/task-state.json").read_text("utf-8"))
    lines = [json.dumps(each, separators=(",", ":")) for each in _events(state["tasks"])]
    (root / _JOURNAL).write_text("\n".join(lines) + "\n", "utf-8")


def _scope(number: int) -> Iterator[str]:
    """A folder of its own, files by pattern in one that many share, and here and there a whole area."""
    area = f"area_{number % AREAS:02}"
    yield f"src/{area}/part_{number}/**"
    yield f"tests/{area}/test_part_{number}_*.py"
    if number % 50 == 0:
        yield f"docs/{area}/**/*.md"
    if number % 500 == 0:
        yield f"src/{area}"


def _events(entries: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for number, (task, entry) in enumerate(entries.items()):
        start = {"id": f"{number:08}-1", "at": entry["started_at"], "task": task, "event": "start"}
        yield start | {"from": "pending", "to": "in-progress", "epoch": 1}
        end = {"id": f"{number:08}-2", "at": entry["completed_at"], "task": task, "event": "complete"}
        yield end | {"from": "in-progress", "to": "completed", "epoch": 1}


if __name__ == "__main__":
    write_scopes(Path(sys.argv[1]), int(sys.argv[2]))
