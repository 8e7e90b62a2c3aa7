"""`vtm reset`."""

import click

from vtm.cli.answering import Way, answering
from vtm.cli.changing import change
from vtm.cli.recording import Said, recording
from vtm.errors import ExitCode
from vtm.model.event import Details, Kind
from vtm.model.facts import Caller


@click.command()
@click.argument("task_id", metavar="TASK")
@click.option("--reason", type=Said(), default=None, metavar="TEXT", help="Why.")
@recording
@answering()
def command(way: Way, task_id: str, reason: str | None, caller: Caller, dry_run: bool) -> ExitCode:
    """Make a task pending as if never started.

    Notes stay. Criteria that were met, failed attempts and the reason of a block are forgotten.

    Example:
      vtm reset AUTH--T01 --reason "The branch is lost"
    """
    return change(way, task_id, Kind.RESET, caller, Details(reason=reason or ""), dry_run=dry_run)
