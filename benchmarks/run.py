"""Prints how vtm's commands compare with bare Python doing the unavoidable part of the same work.

    python benchmarks/run.py [--rounds N] [--quick]

It installs vtm into a fresh virtual environment (a normal install with compiled bytecode), generates
manifests and folders of 68, 10,000 and 100,000 tasks, and lets each command and its yardstick take turns.
Only ratios are printed: absolute times say more about the machine than about vtm.
"""

import argparse
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator, Sequence
from pathlib import Path

from asking_files import markdown_rows
from changes import CLAIMS, PROCESSES, changes
from hooks import hook_rows
from measure import Command, compared
from plans import plan_rows
from prompts import prompt_rows
from row import Row, ratio
from runs import run_rows

ROOT = Path(__file__).resolve().parents[1]
ANALYSES = ("graph order", "graph critical", "graph risk-path", "graph cost --propagate")
DECODE = (
    "import click, msgspec; msgspec.json.decode(open('docs/backlog/virtual-task-manifest.json', 'rb').read())"
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15, help="runs of each command (default 15)")
    parser.add_argument("--quick", action="store_true", help="leave out the 100,000 tasks")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        python = install(place / "venv")
        rows = list(small(python, place, options.rounds * 2))
        rows += hook_rows(python, place, place / "68", options.rounds * 2)
        rows += large(python, place, options.rounds, growth=not options.quick)
        rows += plan_rows(python, place, options.rounds)
        rows += markdown_rows(python, place, options.rounds, growth=not options.quick)
        rows += run_rows(python, place, options.rounds)
    width = max(len(row.what) for row in rows)
    print(f"{'measured':<{width}}  {'yardstick':<36}  ratio    bar")
    for row in rows:
        mark = "" if row.ratio <= row.bar else "  over"
        print(f"{row.what:<{width}}  {row.yardstick:<36}  {row.ratio:5.2f}  {row.bar:5.2f}{mark}")


def install(folder: Path) -> Path:
    """Install vtm with its bytecode into a new virtual environment and return its Python."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", "--compile", f"{ROOT}[run]"], check=True)
    subprocess.run([python, "-m", "compileall", "-q", folder / "lib"], check=False)
    return python


def generated(root: Path, size: int) -> Path:
    """A backlog of `size` tasks, made by another process: its memory must not count with what follows."""
    script = Path(__file__).parent / "backlog.py"
    subprocess.run([sys.executable, script, root, str(size)], check=True)
    return root


def small(python: Path, place: Path, rounds: int) -> Iterator[Row]:
    """`next` on 68 tasks against importing what it cannot do without."""
    root = generated(place / "68", 68)
    vtm = str(python.parent / "vtm")
    costs = compared(
        {
            "base": Command([str(python), "-c", "import click, json"], root),
            "next": Command([vtm, "next", "--json"], root),
        },
        rounds,
    )
    yield Row("next, 68 tasks", "import click, json", ratio(costs, "next", "base"), 1.5)


def large(python: Path, place: Path, rounds: int, *, growth: bool) -> Iterator[Row]:
    """The questions on 10,000 tasks against decoding the manifest untyped, and their growth to 100,000."""
    bars = {"next": 1.4, "blocked": 1.8, "pulse": 1.8, "validate": 4.0}
    vtm = str(python.parent / "vtm")
    root = generated(place / "10000", 10_000)
    commands = {name: Command([vtm, name, "--json"], root) for name in bars}
    costs = compared({"base": Command([str(python), "-c", DECODE], root), **commands}, rounds)
    for name, bar in bars.items():
        yield Row(f"{name}, 10,000 tasks", "import click, msgspec; decode", ratio(costs, name, "base"), bar)
    changed = changes(python.parent / "vtm", place, root, rounds)
    yield Row("note, 10,000 tasks", "next, 10,000 tasks", changed.note, 3)
    yield Row("ac, 10,000 tasks", "next, 10,000 tasks", changed.meet, 3)
    yield Row(f"{CLAIMS} claims by {PROCESSES} processes", "one after another", changed.claims, 2)
    yield from prompt_rows(python, root, rounds)
    if not growth:
        return
    yield from growth_of((*bars, *ANALYSES), vtm, (root, generated(place / "100000", 100_000)), rounds)


def growth_of(names: Sequence[str], vtm: str, places: tuple[Path, Path], rounds: int) -> Iterator[Row]:
    """How time and memory grow from the smaller to the larger of two backlogs, which take turns."""
    for name in names:
        calls = {place.name: Command([vtm, *name.split(), "--json"], place) for place in places}
        less, more = compared(calls, max(3, rounds // 5)).values()
        yield Row(f"{name}, 100,000 tasks, time", "10,000 tasks", more.seconds / less.seconds, 12)
        yield Row(f"{name}, 100,000 tasks, memory", "10,000 tasks", more.memory / less.memory, 12)


if __name__ == "__main__":
    sys.exit(main())
