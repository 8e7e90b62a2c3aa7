"""`vtm status`."""

import click

from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode
from vtm.graph.readiness import Readiness
from vtm.queries.status import backlog_status


@click.command()
@answering()
def command(way: Way) -> ExitCode:
    """Show how far each phase, slice and risk is.

    Example:
      vtm status
      vtm status --json
    """
    backlog = way.app.backlog
    way.show(backlog_status(backlog, Readiness(backlog), way.app.now))
    return ExitCode.OK
