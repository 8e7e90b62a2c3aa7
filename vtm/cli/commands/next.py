"""`vtm next`."""

import click

from vtm.cli.answering import Way, answering
from vtm.cli.filtering import filtering
from vtm.errors import ExitCode
from vtm.graph.readiness import Readiness
from vtm.model.status import Risk
from vtm.queries.filters import Filters
from vtm.queries.next_task import NextTask, next_task


@click.command()
@click.option("--startable", is_flag=True, help="Skip tasks that a finding or gate holds back.")
@filtering
@answering()
def command(way: Way, startable: bool, phase: str, slice_: str, risk: Risk | None) -> ExitCode:
    """Show the task to start now.

    High risk comes first, then Medium, then Low; among equals, the order of the backlog decides.
    Exit code 1: there is none, and the answer says why.

    Example:
      vtm next --json
      vtm next --startable --slice 1.2
    """
    readiness = Readiness(way.app.backlog)
    findings_of = way.app.startable_findings() if startable else way.app.own_findings
    answer = next_task(readiness, Filters(phase, slice_, risk), findings_of, startable=startable)
    way.show(answer)
    return ExitCode.OK if isinstance(answer, NextTask) else ExitCode.NO
