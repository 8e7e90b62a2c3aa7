"""`vtm why`."""

import click

from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode
from vtm.graph.readiness import Readiness
from vtm.model.naming import task_named
from vtm.queries.why import why


@click.command()
@click.argument("task_id", metavar="TASK")
@answering()
def command(way: Way, task_id: str) -> ExitCode:
    """Show what keeps a task from starting.

    The answer is a tree down to what has to be acted on, and what else holds the task.

    Example:
      vtm why AUTH--T02
      vtm why AUTH--T02 --json
    """
    backlog = way.app.backlog
    task = task_named(backlog, task_id)
    way.show(why(backlog, Readiness(backlog), task, way.ask(lambda app: app.startable_findings()(task))))
    return ExitCode.OK
