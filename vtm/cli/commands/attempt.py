"""`vtm attempt`."""

import click

from vtm.cli.answering import Way, answering
from vtm.cli.changing import change
from vtm.cli.recording import Said, recording
from vtm.errors import ExitCode
from vtm.model.event import Details, Kind
from vtm.model.facts import Caller


@click.command()
@click.argument("task_id", metavar="TASK")
@click.option("--failed", type=Said(), required=True, metavar="TEXT", help="What failed.")
@recording
@answering()
def command(way: Way, task_id: str, failed: str, caller: Caller, dry_run: bool) -> ExitCode:
    """Record that a verification failed.

    After the third one only a safe exit is accepted: `vtm block`.

    Example:
      vtm attempt AUTH--T02 --failed "test_login: 401 instead of 200"
    """
    return change(way, task_id, Kind.ATTEMPT, caller, Details(text=failed), dry_run=dry_run)
