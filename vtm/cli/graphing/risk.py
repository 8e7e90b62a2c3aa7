"""`vtm graph risk`."""

import click

from vtm.app.analysing import analysed, flaws
from vtm.cli.answering import Way, answering
from vtm.cli.budgeting import budgeting, cut
from vtm.errors import ExitCode
from vtm.queries.graph_risk import risk_distribution


@click.command()
@budgeting
@answering()
def command(way: Way, budget: int | None) -> ExitCode:
    """Count tasks by risk.

    Example:
      vtm graph risk
    """
    backlog = analysed(way.app)
    answer = risk_distribution(backlog, flaws(way.app, backlog, "risk", dependencies=False))
    way.show(cut(answer, budget, "risks"))
    return ExitCode.OK
