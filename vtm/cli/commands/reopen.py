"""`vtm reopen`."""

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
    """Make a completed or abandoned task pending.

    Its evidence no longer counts.

    Example:
      vtm reopen AUTH--T01 --reason "The login fails on Mondays"
    """
    return change(way, task_id, Kind.REOPEN, caller, Details(reason=reason or ""), dry_run=dry_run)
