"""`vtm abandon`."""

import click

from vtm.cli.answering import Way, answering
from vtm.cli.changing import change
from vtm.cli.recording import Said, recording
from vtm.errors import ExitCode
from vtm.model.event import Details, Kind
from vtm.model.facts import Caller


@click.command()
@click.argument("task_id", metavar="TASK")
@click.option("--reason", type=Said(), required=True, metavar="TEXT", help="Why.")
@recording
@answering()
def command(way: Way, task_id: str, reason: str, caller: Caller, dry_run: bool) -> ExitCode:
    """Give a task up for good.

    What depends on it waits until that is waived.

    Example:
      vtm abandon AUTH--T01 --reason "Replaced by AUTH--T09"
    """
    return change(way, task_id, Kind.ABANDON, caller, Details(reason=reason), dry_run=dry_run)
