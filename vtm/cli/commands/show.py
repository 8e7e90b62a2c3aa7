"""`vtm show`."""

import click

from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode
from vtm.graph.readiness import Readiness
from vtm.model.naming import task_named
from vtm.queries.shown import shown_task


@click.command()
@click.argument("task_id", metavar="TASK")
@answering()
def command(way: Way, task_id: str) -> ExitCode:
    """Show all that is known of one task.

    What was asked, what has happened, what it waits for, what is wrong with it.

    Example:
      vtm show AUTH--T01
      vtm show AUTH--T01 --json
    """
    backlog = way.app.backlog
    task = task_named(backlog, task_id)
    way.show(shown_task(backlog, Readiness(backlog), task, way.ask(lambda app: app.all_findings(task))))
    return ExitCode.OK
