"""`vtm ac`."""

import click

from vtm.cli.answering import Way, answering
from vtm.cli.changing import change
from vtm.cli.recording import recording
from vtm.errors import ExitCode
from vtm.model.backlog import Backlog
from vtm.model.event import Details, Kind
from vtm.model.facts import Caller
from vtm.model.naming import criteria_named
from vtm.model.task import Task


@click.command()
@click.argument("task_id", metavar="TASK")
@click.argument("criteria", metavar="AC...", nargs=-1, required=True)
@click.option("--undo", is_flag=True, help="They are not met any more.")
@recording
@answering()
def command(
    way: Way, task_id: str, criteria: tuple[str, ...], undo: bool, caller: Caller, dry_run: bool
) -> ExitCode:
    """Record that criteria of a task are met.

    A criterion is named by its id, or by the end of it where no other of the task has that.

    Example:
      vtm ac AUTH--T02 AUTH--T02-AC01 AUTH--T02-AC02
      vtm ac AUTH--T02 AC02 --undo
    """

    def details(backlog: Backlog, task: Task) -> Details:
        return Details(criteria=criteria_named(backlog, task, criteria))

    return change(way, task_id, Kind.UNMEET if undo else Kind.MEET, caller, details, dry_run=dry_run)
