"""`vtm note`."""

import click

from vtm.cli.answering import Way, answering
from vtm.cli.changing import change
from vtm.cli.recording import Said, recording
from vtm.errors import ExitCode
from vtm.model.event import Details, Kind
from vtm.model.facts import Caller


@click.command()
@click.argument("task_id", metavar="TASK")
@click.argument("text", type=Said(), metavar="TEXT")
@recording
@answering()
def command(way: Way, task_id: str, text: str, caller: Caller, dry_run: bool) -> ExitCode:
    """Add a note to a task.

    Notes are never replaced; each is a line of its own.

    Example:
      vtm note AUTH--T02 "The mail server is slow today"
    """
    return change(way, task_id, Kind.NOTE, caller, Details(text=text), dry_run=dry_run)
