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
    """Every hook in the backlog at `root`, for a session that holds one of its tasks."""
    vtm = str(python.parent / "vtm")
    spec = min((root / "docs/specs").iterdir())
    for call in (["git", "init", "-q", "-b", "main"], ["git", "add", "-A"], [*_COMMIT, "-m", "First"]):
        subprocess.run(call, cwd=root, check=True)
    message = place / "message"
    message.write_bytes(_on_a_branch(vtm, root))
    events = {
        "session-start": {},
        "post-tool-use": {"tool_name": "Read", "tool_input": {"file_path": str(spec)}},
        "pre-tool-use": {"tool_name": "Edit", "tool_input": {"file_path": str(spec)}},
        "stop": {},
    }
    commands = {"base": Command([str(python), "-c", BASE], root)}
    for name, more in events.items():
        event = place / f"{name}.json"
        event.write_text(json.dumps({"session_id": SESSION, "cwd": str(root), **more}), "utf-8")
        commands[name] = Command([vtm, "hook", name], root, said=event)
    commands["pre-commit"] = Command([vtm, "hook", "pre-commit"], root)
    for name in ("commit-msg", "prepare-commit-msg"):
        commands[name] = Command([vtm, "hook", name, str(message)], root)
    costs = compared(commands, rounds)
    for name in commands:
        if name != "base":
            yield Row(f"hook {name}, 68 tasks", BASE, ratio(costs, name, "base"), BAR)


def _on_a_branch(vtm: str, root: Path) -> bytes:
    """Claim a task and go to its branch; the message of its first commit."""
    claim = [vtm, "next", "--claim", "--agent", "bench", "--session", SESSION, "--ttl", "1d", "--json"]
    task = json.loads(subprocess.run(claim, cwd=root, check=True, capture_output=True).stdout)
    branch = ["git", "switch", "-qc", f"feat/{task['task_id']}"]
    subprocess.run(branch, cwd=root, check=True)
    scaffold = [vtm, "commit-msg", task["task_id"], task["acceptance_criteria"][0]["id"]]
    return subprocess.run(scaffold, cwd=root, check=True, capture_output=True).stdout


_COMMIT = ("git", "-c", "user.name=bench", "-c", "user.email=bench@example.org", "commit", "-q")
