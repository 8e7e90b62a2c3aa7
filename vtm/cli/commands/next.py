"""`vtm next`."""

from datetime import timedelta

import click

from vtm.cli.answering import Way, answering
from vtm.cli.filtering import filtering
from vtm.cli.recording import Span, overriding, recording
from vtm.errors import ExitCode
from vtm.graph.readiness import Readiness
from vtm.model.facts import Caller
from vtm.model.override import Override
from vtm.model.status import Risk
from vtm.queries.filters import Filters
from vtm.queries.next_task import NextTask, next_task


@click.command()
@click.option("--startable", is_flag=True, help="Skip tasks that a finding or gate holds back.")
@click.option("--claim", is_flag=True, help="Take it up in the same step; needs --agent.")
@click.option("--ttl", type=Span(), metavar="TIME", help="How long the lease of a claim lasts, such as 30m.")
@overriding
@recording
@filtering
@answering()
def command(
    way: Way,
    startable: bool,
    claim: bool,
    ttl: timedelta | None,
    caller: Caller,
    override: Override,
    dry_run: bool,
    phase: str,
    slice_: str,
    risk: Risk | None,
) -> ExitCode:
    """Show the task to start now.

    High risk comes first, then Medium, then Low; among equals, the order of the backlog decides.
    With --claim it is taken up in the same step: the first that can be started, else the one whose lease
    ran out first. Exit code 1: there is none, and the answer says why.

    Example:
      vtm next --json
      vtm next --startable --slice 1.2
      vtm next --claim --agent ada --json
    """
    filters = Filters(phase, slice_, risk)
    if claim:
        from vtm.cli.claiming import claimed  # noqa: PLC0415  lock and database: 50 ms

        return claimed(way, filters, caller, ttl, override, dry_run=dry_run)
    readiness = Readiness(way.app.backlog)
    findings_of = way.app.startable_findings() if startable else way.app.own_findings
    answer = next_task(readiness, filters, findings_of, startable=startable)
    way.show(answer)
    return ExitCode.OK if isinstance(answer, NextTask) else ExitCode.NO
