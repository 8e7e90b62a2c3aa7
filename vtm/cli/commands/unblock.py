"""`vtm unblock`."""

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
    """Make a blocked task pending again.

    Its failed attempts are forgotten.

    Example:
      vtm unblock AUTH--T01
    """
    return change(way, task_id, Kind.UNBLOCK, caller, Details(), dry_run=dry_run)
