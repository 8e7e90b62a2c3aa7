"""What a call of a hook costs, against importing what vtm cannot do without."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

from measure import Command, compared
from row import Row, ratio

BASE = "import click, msgspec"
BAR = 1.5
SESSION = "bench"


def hook_rows(python: Path, place: Path, root: Path, rounds: int) -> Iterator[Row]:
    """Every hook in the backlog at `root`, for a session that holds one of its tasks, on its branch."""
    vtm = str(python.parent / "vtm")
    task = _claimed(vtm, root)
    commands = {
        "base": Command([str(python), "-c", BASE], root),
        **dict(_of_agents(vtm, place, root)),
        **dict(_of_git(vtm, place, root, task)),
    }
    costs = compared(commands, rounds)
    for name in commands:
        if name != "base":
            yield Row(f"hook {name}, 68 tasks", BASE, ratio(costs, name, "base"), BAR)


def _claimed(vtm: str, root: Path) -> str:
    """Make a repository of it and claim a task, whose branch is checked out; its id."""
    for call in (["init", "-q", "-b", "main"], ["add", "-A"], [*_COMMIT, "-m", "First"]):
        subprocess.run(["git", *call], cwd=root, check=True)
    claim = ["next", "--claim", "--agent", "bench", "--session", SESSION, "--ttl", "1d", "--json"]
    answer = subprocess.run([vtm, *claim], cwd=root, check=True, capture_output=True)
    task = str(json.loads(answer.stdout)["task_id"])
    (root / "README.md").write_text("# Bench\n", "utf-8")
    for call in (["switch", "-q", "-c", f"feat/{task}"], ["add", "README.md"]):
        subprocess.run(["git", *call], cwd=root, check=True)
    return task


def _of_agents(vtm: str, place: Path, root: Path) -> Iterator[tuple[str, Command]]:
    spec = str(min((root / "docs/specs").iterdir()))
    events = {
        "session-start": {},
        "post-tool-use": {"tool_name": "Read", "tool_input": {"file_path": spec}},
        "pre-tool-use": {"tool_name": "Edit", "tool_input": {"file_path": spec}},
        "stop": {},
    }
    for name, more in events.items():
        event = place / f"{name}.json"
        event.write_text(json.dumps({"session_id": SESSION, "cwd": str(root), **more}), "utf-8")
        yield name, Command([vtm, "hook", name], root, said=event)


def _of_git(vtm: str, place: Path, root: Path, task: str) -> Iterator[tuple[str, Command]]:
    shown = subprocess.run([vtm, "show", task, "--json"], cwd=root, check=True, capture_output=True)
    criterion = json.loads(shown.stdout)["acceptance_criteria"][0]["id"]
    good, empty = place / "good", place / "empty"
    good.write_text(f"feat({task}): {criterion}\n", "utf-8")
    yield "pre-commit", Command([vtm, "hook", "pre-commit"], root)
    yield "commit-msg", Command([vtm, "hook", "commit-msg", str(good)], root)
    prepare = [vtm, "hook", "prepare-commit-msg", str(empty)]
    yield "prepare-commit-msg", Command(prepare, root, lambda: empty.write_text("\n# Please\n", "utf-8"))


_COMMIT = ("-c", "user.name=bench", "-c", "user.email=bench@example.org", "commit", "-q")
