"""Generates a backlog of any size: a layered graph, 0 to 3 dependencies each, 40 % completed.

python benchmarks/backlog.py FOLDER SIZE
"""

import json
import random
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

WINDOW = 500
"""A task depends on tasks among this many before it."""

COMPLETED = 0.4


def write_backlog(root: Path, size: int, seed: int = 1) -> Path:
    """Write a manifest and a state of `size` tasks, and the documents they refer to, under `root`."""
    tasks = tasks_of(size, seed)
    text = json.dumps(tasks, indent=2, ensure_ascii=False)
    digest = sha256(text.encode()).hexdigest()
    backlog = root / "docs/backlog"
    backlog.mkdir(parents=True)
    for name in {name for task in tasks for name in task["related_specs"]}:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(f"# {name}\n", "utf-8")
    manifest = {"status": "OK", "manifest_hash": f"sha256:{digest[:11]}", "tasks": tasks}
    state = {"manifest_hash": digest, "tasks": dict(_entries(tasks[: int(size * COMPLETED)]))}
    (backlog / "virtual-task-manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
    (backlog / "task-state.json").write_text(json.dumps(state, indent=2) + "\n", "utf-8")
    return root


def tasks_of(size: int, seed: int = 1) -> list[dict[str, Any]]:
    """`size` tasks as a manifest lists them."""
    return list(_tasks(size, random.Random(seed)))


def _tasks(size: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    names: list[str] = []
    for number in range(size):
        capability = f"CAPABILITY_{number // 4:05}"
        candidates = names[-WINDOW:]
        chosen = chance.sample(candidates, min(len(candidates), chance.randrange(4)))
        names.append(f"{capability}--T{number % 4 + 1:02}")
        phase = number * 4 // size + 1
        yield {
            "task_id": names[-1],
            "capability_id": capability,
            "phase": f"Phase {phase}",
            "slice": f"Slice {phase}.{number * 20 // size % 5 + 1}",
            "title": f"Build part {number % 4 + 1} of capability {number // 4}",
            "description": "What this part does, for whom, and how it fits to the parts that come before it.",
            "acceptance_criteria": [
                {
                    "id": f"{capability}-T{number % 4 + 1}-AC{place:02}",
                    "text": f"Given state {place}, when the part is used, then result {place} is seen",
                }
                for place in range(1, 5)
            ],
            "risk": chance.choice(["High", "Medium", "Medium", "Low"]),
            "est": {"size": chance.choice(["S", "M", "M"])},
            "depends_on_tasks": chosen,
            "related_specs": [f"docs/specs/spec-{number // 4 % 50:02}.md"],
            "related_adrs": [],
            "related_guides": [],
            "test_verification": [f"tests/part_{number}.py"],
            "gap_codes": [],
            "provisional": False,
            "parallel": False,
            "conflicts_with": [],
            "file_scope": [f"src/part_{number}/**"],
            "parallelism_group": None,
        }


def _entries(tasks: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for task in tasks:
        criteria = [each["id"] for each in task["acceptance_criteria"]]
        yield (
            task["task_id"],
            {
                "status": "completed",
                "started_at": "2026-01-01T09:00:00Z",
                "completed_at": "2026-01-01T10:00:00Z",
                "acs_completed": criteria,
                "acs_remaining": [],
                "notes": "All tests pass.",
                "evidence": {
                    "tests_passed": 4,
                    "exit_code": 0,
                    "covers": dict.fromkeys(criteria, task["test_verification"]),
                },
            },
        )


if __name__ == "__main__":
    write_backlog(Path(sys.argv[1]), int(sys.argv[2]))
