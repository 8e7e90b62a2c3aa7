"""Options that say what shows that a task is done."""

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from vtm.app.completing import Claimed
from vtm.cli.recording import Pairs, Said


def evidencing(function: Callable[..., int]) -> Callable[..., int]:
    """Give a command what may show that a task is done, and hand it that as `claimed`."""

    @click.option("--tests-passed", type=click.IntRange(min=0), metavar="N", help="How many tests passed.")
    @click.option("--commit", type=Said(), metavar="SHA", help="The commit that holds the work.")
    @click.option("--evidence", metavar="FILE", help="JSON file that says how the tests went.")
    @click.option("--run", "run_", type=Said(), metavar="CMD", help="Run CMD and keep how it ends.")
    @click.option("--covers", type=Pairs(), multiple=True, metavar="AC=PATH", help="A test that covers AC.")
    @click.option("--pr", type=click.IntRange(min=1), metavar="N", help="Pull request that holds the work.")
    @functools.wraps(function)
    def wrapped(
        tests_passed: int | None,
        commit: str | None,
        evidence: str | None,
        run_: str | None,
        covers: tuple[tuple[str, str], ...],
        pr: int | None,
        **options: Any,
    ) -> int:
        if len([each for each in (run_, evidence, tests_passed) if each is not None]) > 1:
            raise click.UsageError("--run, --tests-passed and --evidence exclude one another.")
        tests: dict[str, list[str]] = {}
        for criterion, path in covers:
            tests.setdefault(criterion, []).append(path)
        claimed = Claimed(tests_passed, commit, Path(evidence) if evidence else None, run_, tests, pr)
        return function(claimed=claimed, **options)

    return wrapped


def echo(printed: bytes) -> None:
    """Show what a command prints that is to show that a task is done."""
    sys.stderr.buffer.write(printed)
    sys.stderr.buffer.flush()
