"""Runs commands side by side and compares them."""

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from statistics import median
from typing import NamedTuple


class Command(NamedTuple):
    """A command to run.

    Attributes:
        where: The folder it runs in.
        before: What is done first and not counted.
        said: The file that is its standard input; None: it has that of this process.
    """

    arguments: Sequence[str]
    where: Path
    before: Callable[[], object] | None = None
    said: Path | None = None


class Cost(NamedTuple):
    """What one run takes: wall time in seconds, largest resident set in KiB (bytes on macOS)."""

    seconds: float
    memory: int


def compared(commands: Mapping[str, Command], rounds: int) -> dict[str, Cost]:
    """The median cost of each command; all take turns, so that noise meets all of them alike."""
    taken: dict[str, list[Cost]] = {name: [] for name in commands}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            cost = _run(command)
            if turn:
                taken[name].append(cost)
    return {
        name: Cost(median(each.seconds for each in costs), round(median(each.memory for each in costs)))
        for name, costs in taken.items()
    }


def _run(command: Command) -> Cost:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VTM"))
    }
    if command.before:
        command.before()
    with command.said.open("rb") if command.said else nullcontext() as said:
        start = time.perf_counter()
        process = subprocess.Popen(
            command.arguments, cwd=command.where, env=environment, stdin=said, stdout=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 1}:
        raise SystemExit(f"{' '.join(command.arguments)} exited with {process.returncode}")
    return Cost(seconds, usage.ru_maxrss)
