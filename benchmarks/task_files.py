"""Generates a folder of task files of any size, from the same tasks as the manifest of `backlog.py`.

python benchmarks/task_files.py FOLDER SIZE
"""

import sys
from pathlib import Path
from typing import Any

from backlog import COMPLETED, tasks_of

_FOLDERS = 40
_LEVELS = ("planning", "implementation", "review")
_SCOPES = ("single", "narrow", "moderate", "broad")
_IMPACTS = ("isolated", "component", "phase", "project")


def write_task_files(root: Path, size: int, seed: int = 1) -> Path:
    """Write `size` task files, in folders below `tasks`, and the documents they refer to, under `root`."""
    for number, task in enumerate(tasks_of(size, seed)):
        for name in task["related_specs"]:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(f"# {name}\n", "utf-8")
        folder = root / "tasks" / f"part-{number * _FOLDERS // size:02}"
        folder.mkdir(parents=True, exist_ok=True)
        text = task_file(task, number, completed=number < int(size * COMPLETED))
        (folder / f"{task['task_id']}.md").write_text(text, "utf-8")
    return root


def task_file(task: dict[str, Any], number: int, *, completed: bool) -> str:
    """One file: front matter of 13 keys, a context, criteria and notes."""
    needs = "".join(f"\n  - {each}" for each in task["depends_on_tasks"]) or " []"
    mark = "x" if completed else " "
    boxes = "\n".join(f"- [{mark}] {each['id']} {each['text']}" for each in task["acceptance_criteria"])
    return f"""---
id: {task["task_id"]}
name: {task["title"]}
status: {"completed" if completed else "pending"}
created: 2026-01-{number % 28 + 1:02}T09:10:18.462977719Z
depends_on:{needs}
scope: {_SCOPES[number % 4]}
risk: {task["risk"].lower()}
impact: {_IMPACTS[number % 4]}
level: {_LEVELS[number % 3]}
phase: {task["phase"]}
slice: {task["slice"]}
related_specs:
  - {task["related_specs"][0]}
tags: [generated, part]
---

# {task["title"]}

## Context

{task["description"]}

## Acceptance Criteria

{boxes}

## Notes

To be written by whoever does it.
"""


if __name__ == "__main__":
    write_task_files(Path(sys.argv[1]), int(sys.argv[2]))
