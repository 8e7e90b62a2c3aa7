"""`vtm release`."""

import click

from vtm.cli.answering import Way, answering
from vtm.cli.changing import change
from vtm.cli.recording import recording
from vtm.errors import ExitCode
from vtm.model.event import Details, Kind
from vtm.model.facts import Caller


@click.command()
@click.argument("task_id", metavar="TASK")
@recording
@answering()
def command(way: Way, task_id: str, caller: Caller, dry_run: bool) -> ExitCode:
    """Give a task back: it is pending again.

    Criteria that were met stay met, and its lease is over.

    Example:
      vtm release AUTH--T02 --epoch 3
    """
    return change(way, task_id, Kind.RELEASE, caller, Details(), dry_run=dry_run)
