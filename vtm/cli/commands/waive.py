"""`vtm waive`."""

import click

from vtm.cli.answering import Way, answering
from vtm.cli.changing import change
from vtm.cli.recording import Said, recording
from vtm.errors import ExitCode
from vtm.model.backlog import Backlog
from vtm.model.event import Details, Kind
from vtm.model.facts import Caller
from vtm.model.naming import unmet_dependency
from vtm.model.task import Task


@click.command()
@click.argument("task_id", metavar="TASK")
@click.argument("dependency", metavar="DEP")
@click.option("--reason", type=Said(), required=True, metavar="TEXT", help="Why it need not be completed.")
@recording
@answering()
def command(way: Way, task_id: str, dependency: str, reason: str, caller: Caller, dry_run: bool) -> ExitCode:
    """Let a dependency of a task count as met.

    Example:
      vtm waive PAY--T05 PAY--T04 --reason "Nobody pays by cheque"
    """

    def details(backlog: Backlog, task: Task) -> Details:
        return Details(dependency=unmet_dependency(backlog, task, dependency), reason=reason)

    return change(way, task_id, Kind.WAIVE, caller, details, dry_run=dry_run)
