"""What it costs to ask a folder of task files, beside a bare loop that reads every front matter."""

import itertools
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from measure import Command, compared
from row import Row, ratio

LOOP = """
import os, yaml
for folder, _, names in os.walk("tasks"):
    for name in names:
        if name.endswith(".md"):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                yaml.load(file.read().split("---\\n", 2)[1], Loader=yaml.CSafeLoader)
"""
MEMORY = 250 * 1024
"""In KiB."""

_NEXT = ("next", "--json")


def files(root: Path, size: int) -> Path:
    """A folder of `size` task files, made by another process."""
    script = Path(__file__).parent / "task_files.py"
    subprocess.run([sys.executable, script, root, str(size)], check=True)
    return root


def markdown_rows(python: Path, place: Path, rounds: int, *, growth: bool) -> Iterator[Row]:
    """`next` on 68 and on 10,000 files, and its growth to 100,000."""
    vtm = str(python.parent / "vtm")
    few = files(place / "68-files", 68)
    base = Command([str(python), "-c", "import click, json"], few)
    costs = compared({"base": base, "next": Command([vtm, *_NEXT], few)}, rounds * 2)
    yield Row("next, 68 files", "import click, json", ratio(costs, "next", "base"), 1.8)
    many = files(place / "10000-files", 10_000)
    costs = compared(
        {
            "loop": Command([str(python), "-c", LOOP], many),
            "cold": Command([vtm, *_NEXT], many, partial(_forget, many)),
            "warm": Command([vtm, *_NEXT], many),
            "changed": Command([vtm, *_NEXT], many, _changing(many)),
        },
        rounds,
    )
    yield Row(
        "next, 10,000 files, no index", "loop with PyYAML's C loader", ratio(costs, "cold", "loop"), 0.9
    )
    yield Row("next, 10,000 files", "loop with PyYAML's C loader", ratio(costs, "warm", "loop"), 0.3)
    yield Row("next, one of 10,000 files changed", "next, 10,000 files", ratio(costs, "changed", "warm"), 1.2)
    yield Row("next, 10,000 files, no index, memory", "250 MB", costs["cold"].memory / MEMORY, 1)
    if growth:
        yield from _growth(vtm, many, files(place / "100000-files", 100_000), rounds)


def _growth(vtm: str, less: Path, more: Path, rounds: int) -> Iterator[Row]:
    calls = {
        f"{kind}{place.name}": Command([vtm, *_NEXT], place, partial(_forget, place) if kind else None)
        for kind in ("cold ", "")
        for place in (less, more)
    }
    costs = compared(calls, max(3, rounds // 5))
    for kind, name in (("cold ", ", no index"), ("", "")):
        small, large = costs[f"{kind}{less.name}"], costs[f"{kind}{more.name}"]
        yield Row(f"next, 100,000 files{name}, time", "10,000 files", large.seconds / small.seconds, 12)
        yield Row(f"next, 100,000 files{name}, memory", "10,000 files", large.memory / small.memory, 12)


def _forget(root: Path) -> None:
    (root / ".vtm/task-files.index").unlink(missing_ok=True)


def _changing(root: Path):  # noqa: ANN202  a function without arguments or result
    """A function that changes one file, each time in another way."""
    path = next((root / "tasks").rglob("*.md"))
    numbers = itertools.count()
    return lambda: path.write_text(f"{path.read_text('utf-8').rstrip()}\nChange {next(numbers)}.\n", "utf-8")
