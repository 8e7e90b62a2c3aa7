"""What a prompt costs, beside the question which task is next."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

from measure import Command, compared
from row import Row, ratio

BAR = 1.8


def prompt_rows(python: Path, root: Path, rounds: int) -> Iterator[Row]:
    """`prompt` for the task that is next in a backlog of 10,000, against `next`."""
    vtm = str(python.parent / "vtm")
    asked = [vtm, "next", "--json"]
    answer = subprocess.run(asked, cwd=root, check=True, capture_output=True)
    name = json.loads(answer.stdout)["task_id"]
    calls = {
        "next": Command(asked, root),
        "text": Command([vtm, "prompt", name], root),
        "json": Command([vtm, "prompt", name, "--for", "claude", "--budget", "4000", "--json"], root),
    }
    costs = compared(calls, rounds)
    yield Row("prompt, 10,000 tasks", "next, 10,000 tasks", ratio(costs, "text", "next"), BAR)
    yield Row("prompt as JSON, 10,000 tasks", "next, 10,000 tasks", ratio(costs, "json", "next"), BAR)
