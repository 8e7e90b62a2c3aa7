"""`vtm complete`."""

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from vtm.app.completing import Claimed, completed
from vtm.app.recording import recorder
from vtm.cli.answering import Way, answering
from vtm.cli.recording import Pairs, Said, overriding, recording
from vtm.errors import ExitCode
from vtm.model.facts import Caller
from vtm.model.override import Override


def _claiming(function: Callable[..., int]) -> Callable[..., int]:
    """Give the command what may show that a task is done, and hand it that as `claimed`."""

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


@click.command()
@click.argument("task_id", metavar="TASK")
@_claiming
@overriding
@recording
@answering()
def command(
    way: Way, task_id: str, claimed: Claimed, caller: Caller, override: Override, dry_run: bool
) -> ExitCode:
    """Complete a task, with something to show for it.

    All criteria are met, no dependency is open, the tests it lists are there, and tests were run: by
    yourself (--tests-passed with --commit, or --evidence) or by vtm (--run). Exit code 1: something of
    this is missing, and all of it is named.

    Example:
      vtm complete AUTH--T02 --run "make test" --commit HEAD --pr 12
      vtm complete AUTH--T02 --tests-passed 12 --commit HEAD --covers AC01=tests/test_auth.py
    """
    if claimed.file is not None:
        claimed = claimed._replace(file=way.folder / claimed.file)
    engine = recorder(way.app)
    answer = completed(way.app, engine, task_id, caller, claimed, _echo, override=override, dry_run=dry_run)
    way.tell(engine.notices)
    way.show(answer)
    return ExitCode.OK


def _echo(printed: bytes) -> None:
    sys.stderr.buffer.write(printed)
    sys.stderr.buffer.flush()
